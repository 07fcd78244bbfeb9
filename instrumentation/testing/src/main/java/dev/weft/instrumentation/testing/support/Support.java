package dev.weft.instrumentation.testing.support;

import java.util.List;

/**
 * One row of docs/supported-libraries.md, as a unit states it. What the code declares (versions
 * woven, role) is not repeated here; the page takes it from there.
 *
 * @param family {@code http-client}, {@code server} or {@code database}
 * @param library name in the table
 * @param units names of the instrumentation modules
 * @param tested versions that the default build runs the contract on
 * @param testedFull versions that {@code -Pfull} runs it on besides
 * @param works what works, in words
 * @param cannot what does not
 * @param notes what to know, one sentence or more each
 */
public record Support(
    String family,
    String library,
    List<String> units,
    List<String> tested,
    List<String> testedFull,
    String works,
    List<Limit> cannot,
    List<String> notes) {
  /** Whether a version that was found is one of those stated; {@code 8.5.43.0} is 8.5.43. */
  public boolean states(String version) {
    return matches(tested, version) || matches(testedFull, version);
  }

  private static boolean matches(List<String> stated, String version) {
    return stated.stream().anyMatch(s -> version.equals(s) || version.equals(s + ".0"));
  }
}
