package dev.weft.agent.extension;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A library and how it is recognised: the versions an instrumentation is for, where the version
 * found is read, and the shape its classes must have. Immutable.
 *
 * <p>Everything is looked up as a resource of the class loader that loads the library, without
 * loading a class. A library out of range or of another shape is not woven, and the report says
 * why; a version that cannot be read is reported as {@code unknown} and the shape alone decides.
 */
public final class Library {
  private final String name;
  private final @Nullable String minimumVersion;
  private final @Nullable String versionBound;
  private final List<VersionRange> excludedVersions;
  private final List<VersionSource> versionSources;
  private final List<Shape> shapes;
  private final List<String> openedPackages;
  private final @Nullable String reasonNotWoven;

  private Library(Builder builder) {
    this.name = builder.name;
    this.minimumVersion = builder.minimumVersion;
    this.versionBound = builder.versionBound;
    this.excludedVersions = Collections.unmodifiableList(new ArrayList<>(builder.excludedVersions));
    this.versionSources = Collections.unmodifiableList(new ArrayList<>(builder.versionSources));
    this.shapes = Collections.unmodifiableList(new ArrayList<>(builder.shapes));
    this.openedPackages = Collections.unmodifiableList(new ArrayList<>(builder.openedPackages));
    this.reasonNotWoven = builder.reasonNotWoven;
  }

  /** Starts a library of this name, as its users know it: {@code Apache HttpClient}. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** Name of the library. */
  public String name() {
    return name;
  }

  /** Lowest version that is woven, null for any. */
  public @Nullable String minimumVersion() {
    return minimumVersion;
  }

  /** First version that is not woven any more, null for none. */
  public @Nullable String versionBound() {
    return versionBound;
  }

  /** Versions between the lowest and the bound that are not woven. */
  public List<VersionRange> excludedVersions() {
    return excludedVersions;
  }

  /** Where the version is read; the first that has one wins. */
  public List<VersionSource> versionSources() {
    return versionSources;
  }

  /** What must be there. */
  public List<Shape> shapes() {
    return shapes;
  }

  /** Packages of named modules that hooks use though they are not exported. */
  public List<String> openedPackages() {
    return openedPackages;
  }

  /** Why no version of it is woven; null for a library that is. */
  public @Nullable String reasonNotWoven() {
    return reasonNotWoven;
  }

  /** Versions from one up to before another. Immutable. */
  public static final class VersionRange {
    private final String from;
    private final String bound;

    private VersionRange(String from, String bound) {
      this.from = from;
      this.bound = bound;
    }

    /** First version of the range. */
    public String from() {
      return from;
    }

    /** First version after the range. */
    public String bound() {
      return bound;
    }
  }

  /** One place to read a version from. Immutable. */
  public static final class VersionSource {
    private final @Nullable String resource;
    private final @Nullable String className;
    private final String key;

    private VersionSource(@Nullable String resource, @Nullable String className, String key) {
      this.resource = resource;
      this.className = className;
      this.key = key;
    }

    /** Whether it is {@link Builder#versionOfJavaRuntime}. */
    public boolean ofJavaRuntime() {
      return resource == null && className == null;
    }

    /** Whether it is {@link Builder#versionFromManifest}. */
    public boolean ofManifest() {
      return resource != null && className != null;
    }

    /**
     * Binary name of the class for {@link Builder#versionFromConstant} and {@link
     * Builder#versionFromManifest}, else null.
     */
    public @Nullable String className() {
      return className;
    }

    /** A properties file as the class loader names it, null for the other kinds of source. */
    public @Nullable String resource() {
      return resource;
    }

    /** Key in the file, name of the constant, or name of the system property. */
    public String key() {
      return key;
    }
  }

  /** A class that must exist, with members it must declare. Immutable. */
  public static final class Shape {
    private final String className;
    private final List<String> members;
    private final boolean anyMember;

    private Shape(String className, List<String> members, boolean anyMember) {
      this.className = className;
      this.anyMember = anyMember;
      this.members = Collections.unmodifiableList(new ArrayList<>(members));
    }

    /** Binary name of the class. */
    public String className() {
      return className;
    }

    /**
     * Name followed by descriptor, {@code connect(I)V} or {@code pool:Ljava/util/Map;}; a bare name
     * fits any overload.
     */
    public List<String> members() {
      return members;
    }

    /** True when one of the members is enough, false when it must declare them all. */
    public boolean anyMember() {
      return anyMember;
    }
  }

  /** Builds a {@link Library}. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private @Nullable String minimumVersion;
    private @Nullable String versionBound;
    private final List<VersionRange> excludedVersions = new ArrayList<>();
    private final List<VersionSource> versionSources = new ArrayList<>();
    private final List<Shape> shapes = new ArrayList<>();
    private final List<String> openedPackages = new ArrayList<>();
    private @Nullable String reasonNotWoven;

    private Builder(String name) {
      this.name = name;
    }

    /**
     * Limits the versions, compared number by number: 4.10 is after 4.9.
     *
     * @param minimum lowest version woven, null for any
     * @param bound first version not woven any more, null for none
     */
    public Builder versions(@Nullable String minimum, @Nullable String bound) {
      this.minimumVersion = minimum;
      this.versionBound = bound;
      return this;
    }

    /**
     * Leaves out versions within the limits: a line may begin later than the line before it ends.
     *
     * @param from first version not woven
     * @param bound first version woven again
     */
    public Builder except(String from, String bound) {
      excludedVersions.add(new VersionRange(from, bound));
      return this;
    }

    /**
     * Reads the version from a key of a properties file of the library, such as Maven's {@code
     * pom.properties}.
     */
    public Builder versionFrom(String resource, String key) {
      versionSources.add(new VersionSource(resource, null, key));
      return this;
    }

    /**
     * Reads the version from a static final string of a class of the library, for libraries whose
     * jars have no file that says it. The class is not loaded.
     *
     * @param className binary name
     * @param field name of the constant
     */
    public Builder versionFromConstant(String className, String field) {
      versionSources.add(new VersionSource(null, className, field));
      return this;
    }

    /**
     * Reads the version from {@code Implementation-Version} in the manifest of the jar that a class
     * of the library is in. The class is not loaded.
     *
     * @param className binary name
     */
    public Builder versionFromManifest(String className) {
      versionSources.add(
          new VersionSource("META-INF/MANIFEST.MF", className, "Implementation-Version"));
      return this;
    }

    /**
     * The library is part of the Java runtime, its version is that of {@code
     * java.specification.version}.
     */
    public Builder versionOfJavaRuntime() {
      versionSources.add(new VersionSource(null, null, "java.specification.version"));
      return this;
    }

    /**
     * A class that must be there.
     *
     * @param className binary name
     * @param members members it must declare itself: {@code connect}, {@code
     *     connect(Ljava/lang/String;I)V} or, for a field, {@code pool:Ljava/util/Map;}
     */
    public Builder requires(String className, String... members) {
      shapes.add(new Shape(className, Arrays.asList(members), false));
      return this;
    }

    /**
     * A class that must be there and declare at least one of some members: the shapes that it has
     * in different versions.
     *
     * @param className binary name
     * @param members as in {@link #requires}
     */
    public Builder requiresOneOf(String className, String... members) {
      shapes.add(new Shape(className, Arrays.asList(members), true));
      return this;
    }

    /**
     * Opens packages of the library's Java module to this instrumentation's hooks, also for
     * reflection; nothing happens where there are no modules. Needed for {@code sun.net.*} and
     * {@code jdk.internal.net.http}.
     */
    public Builder opens(String... packages) {
      openedPackages.addAll(Arrays.asList(packages));
      return this;
    }

    /**
     * The library is only recognised, by its shape, so that somebody hears that it is there: no
     * version of it is woven. A library of another shape is another library, and no news.
     *
     * @param reason what the report says
     */
    public Builder notWoven(String reason) {
      this.reasonNotWoven = reason;
      return this;
    }

    /** The library. */
    public Library build() {
      return new Library(this);
    }
  }
}
