package dev.weft.analysis;

/**
 * How names that are not in full are meant. Immutable.
 *
 * @param namespace of documents that name none
 * @param domain under which services have their hosts, the mesh's trust domain
 */
public record Defaults(String namespace, String domain) {
  /** For files whose mesh is not known. */
  public static final Defaults OFFLINE = new Defaults("default", "cluster.local");
}
