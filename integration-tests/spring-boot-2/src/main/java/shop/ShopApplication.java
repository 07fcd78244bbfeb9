package shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A Spring Boot application that knows nothing of a mesh; one source for Boot 1.5 to 4.0. */
@SpringBootApplication
public class ShopApplication {
  /** Starts the embedded Tomcat. */
  public static void main(String[] arguments) {
    SpringApplication.run(ShopApplication.class, arguments);
  }
}
