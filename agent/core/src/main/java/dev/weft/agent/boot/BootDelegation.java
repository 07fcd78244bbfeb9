package dev.weft.agent.boot;

/**
 * Lets woven classes in JBoss Modules (WildFly) see what they call.
 *
 * <p>Its class loaders ask the boot loader for {@code java.*} and the packages of one system
 * property only, which is read when the first of them is made: after {@code premain}, and long
 * before an attached agent comes.
 */
final class BootDelegation {
  private static final String PACKAGES = "jboss.modules.system.pkgs";
  private static final String OURS = "dev.weft.bootstrap";

  private BootDelegation() {}

  static void announce() {
    String given = System.getProperty(PACKAGES);
    if (given != null && !given.isEmpty()) {
      System.setProperty(PACKAGES, given + "," + OURS);
    } else if (System.getProperty("java.class.path", "").contains("jboss-modules")) {
      System.setProperty(PACKAGES, OURS);
    }
  }
}
