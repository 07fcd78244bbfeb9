package dev.weft.meshctl;

import picocli.CommandLine.IVersionProvider;

/** Version of this command line. */
final class Version implements IVersionProvider {
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"meshctl " + text()};
  }
}
