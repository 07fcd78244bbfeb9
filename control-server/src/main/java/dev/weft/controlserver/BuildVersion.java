package dev.weft.controlserver;

/** The version this jar was built as. */
public final class BuildVersion {
  public static final String TEXT = read();

  private BuildVersion() {}

  private static String read() {
    String stated = BuildVersion.class.getPackage().getImplementationVersion();
    return stated == null ? "development" : stated;
  }
}
