package dev.weft.agent.dist;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The versions that a unit's pom puts on a class path of its tests. */
final class PomVersions {
  private final Document pom;

  private PomVersions(Document pom) {
    this.pom = pom;
  }

  static PomVersions of(Path pom) throws Exception {
    return new PomVersions(
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile()));
  }

  /** Versions of dependencies and of copied or added artifacts, properties resolved. */
  Set<String> used() {
    Set<String> versions = new HashSet<>();
    NodeList all = pom.getElementsByTagName("version");
    for (int i = 0; i < all.getLength(); i++) {
      String kind = all.item(i).getParentNode().getNodeName();
      if (kind.equals("dependency")
          || kind.equals("additionalClasspathDependency")
          || kind.equals("artifactItem")) {
        versions.add(resolve(all.item(i).getTextContent().strip()));
      }
    }
    return versions;
  }

  /** Versions that a run of the tests is told as {@code weft.test.<library>}, to check them. */
  Set<String> told() {
    Set<String> versions = new HashSet<>();
    NodeList all = pom.getElementsByTagName("systemPropertyVariables");
    for (int i = 0; i < all.getLength(); i++) {
      for (Node n = all.item(i).getFirstChild(); n != null; n = n.getNextSibling()) {
        String value = n.getTextContent().strip();
        if (n instanceof Element && n.getNodeName().startsWith("weft.test.")) {
          String version = resolve(value);
          if (version.matches("\\d+(\\.[0-9A-Za-z-]+)*")) {
            versions.add(version);
          }
        }
      }
    }
    return versions;
  }

  private String resolve(String value) {
    if (!value.startsWith("${")) {
      return value;
    }
    NodeList found = pom.getElementsByTagName(value.substring(2, value.length() - 1));
    return found.getLength() == 0 ? value : found.item(0).getTextContent().strip();
  }
}
