package dev.weft.instrumentation.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdbcUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      nullValues = "-",
      value = {
        "POSTGRESQL jdbc:postgresql://a/shop postgresql://a:5432/shop jdbc:postgresql://h:9/shop",
        "POSTGRESQL jdbc:postgresql://A:1,b:2/shop?x=y postgresql://a:1,b:2/shop jdbc:postgresql://h:9/shop?x=y",
        "POSTGRESQL jdbc:postgresql:shop postgresql://localhost:5432/shop jdbc:postgresql://h:9/shop",
        "POSTGRESQL jdbc:postgresql:/ postgresql://localhost:5432/ jdbc:postgresql://h:9/",
        "POSTGRESQL jdbc:postgresql:///shop postgresql://localhost:5432/shop jdbc:postgresql://h:9/shop",
        "POSTGRESQL jdbc:postgresql://[::1]:7/shop postgresql://::1:7/shop jdbc:postgresql://h:9/shop",
        "POSTGRESQL jdbc:postgresql://a postgresql://a:5432/ jdbc:postgresql://h:9",
        "MYSQL jdbc:mysql://a:1/shop?useSSL=false mysql://a:1/shop jdbc:mysql://h:9/shop?useSSL=false",
        "MYSQL jdbc:mysql:replication://a,b/shop mysql://a:3306,b:3306/shop jdbc:mysql:replication://h:9/shop",
        "MYSQL jdbc:mysql://address=(host=a)(port=1)/shop mysql:///shop -",
        "MYSQL jdbc:mysql://me:secret@a:1/shop mysql:///shop -",
        "MARIADB jdbc:mariadb://a/shop mariadb://a:3306/shop jdbc:mariadb://h:9/shop",
        "H2 jdbc:h2:mem:shop;MODE=MySQL h2database:///mem:shop -",
        "H2 jdbc:h2:~/shop h2database:///~/shop -",
        "H2 jdbc:h2:tcp://a:1/mem:shop;X=1 h2database://a:1/mem:shop jdbc:h2:tcp://h:9/mem:shop;X=1",
        "H2 jdbc:h2:ssl://a/~/shop h2database://a:9092/~/shop jdbc:h2:ssl://h:9/~/shop",
        "ORACLE jdbc:oracle:thin:@//a:1/shop oracle.db://a:1/shop jdbc:oracle:thin:@//h:9/shop",
        "ORACLE jdbc:oracle:thin:@a:1:shop oracle.db://a:1/shop jdbc:oracle:thin:@h:9:shop",
        "ORACLE jdbc:oracle:thin:@a:1/shop oracle.db://a:1/shop jdbc:oracle:thin:@h:9/shop",
        "ORACLE jdbc:oracle:thin:@alias oracle.db:///alias -",
        "SQL_SERVER jdbc:sqlserver://a:1;databaseName=shop;x=y microsoft.sql_server://a:1/shop jdbc:sqlserver://h:9;databaseName=shop;x=y",
        "SQL_SERVER jdbc:sqlserver://a\\named;database=shop microsoft.sql_server://a:1433/shop jdbc:sqlserver://h:9;database=shop",
      })
  void isTakenApartAndMoved(Dialect dialect, String url, String address, String moved) {
    JdbcUrl parsed = JdbcUrl.of(dialect, url);
    assertThat(parsed.address(new Properties())).hasToString(address);
    assertThat(parsed.canMove()).isEqualTo(moved != null);
    if (moved != null) {
      assertThat(parsed.at("h", 9)).isEqualTo(moved);
    }
  }

  @Test
  void hostOfVersionSixIsBracketed() {
    assertThat(JdbcUrl.of(Dialect.POSTGRESQL, "jdbc:postgresql://a/shop").at("::1", 5))
        .isEqualTo("jdbc:postgresql://[::1]:5/shop");
  }

  @Test
  void longerTimesAreShortenedWhereTheyStand() {
    Properties info = new Properties();
    info.setProperty("loginTimeout", "1");
    assertThat(
            Timeouts.limit(
                Dialect.POSTGRESQL, "jdbc:postgresql://a/b?connectTimeout=90&x=y", info, 2500))
        .isEqualTo("jdbc:postgresql://a/b?connectTimeout=3&x=y");
    assertThat(info).containsOnlyKeys("loginTimeout").containsEntry("loginTimeout", "1");
  }

  @Test
  void textsOfStatementsPreparedBefore() {
    assertThat(StatementTexts.before("prep3: DELETE FROM A {1: 'x'}")).startsWith("DELETE");
    assertThat(StatementTexts.before("com.mysql.cj.jdbc.ClientPreparedStatement: DELETE FROM A"))
        .isEqualTo("DELETE FROM A");
    assertThat(StatementTexts.before("ClientPreparedStatement{sql:'DELETE FROM A', parameters:[]}"))
        .isEqualTo("DELETE FROM A");
    assertThat(StatementTexts.before("sql : 'DELETE FROM A WHERE B = ?', parameters : [<null>]"))
        .isEqualTo("DELETE FROM A WHERE B = ?");
    assertThat(StatementTexts.before("sql : 'DELETE FROM A'")).isEqualTo("DELETE FROM A");
    assertThat(StatementTexts.before("DELETE FROM A WHERE B = 'c: d'"))
        .isEqualTo("DELETE FROM A WHERE B = 'c: d'");
    assertThat(StatementTexts.before("oracle.jdbc.driver.T4CPreparedStatement@1f")).isNull();
    assertThat(StatementTexts.before("SQLServerPreparedStatement:1")).isNull();
  }
}
