package dev.weft.agent.extension;

import java.util.List;

/**
 * One instrumentation: the declaration of what is woven in one library, from one minimum version
 * on.
 *
 * <p>Subclasses are stateless, have a public constructor without parameters, and are named in
 * {@code META-INF/services/dev.weft.agent.extension.InstrumentationModule}. They live in package
 * {@code dev.weft.instrumentation.<library>}, together with their advice and hooks, and name
 * library classes only as text: this class is loaded in the agent's class loader, which does not
 * see the library.
 */
public abstract class InstrumentationModule {
  private final String name;
  private final Role role;
  private final Library library;

  /**
   * For subclasses.
   *
   * @param name of the module in reports, library and minimum version: {@code
   *     apache-httpclient-4.3}
   * @param role what an unusable unit means
   * @param library the library, and how it is recognised; modules that share one object have it
   *     looked for once
   */
  protected InstrumentationModule(String name, Role role, Library library) {
    this.name = name;
    this.role = role;
    this.library = library;
  }

  /** Name of the module in reports. */
  public final String name() {
    return name;
  }

  /** The library, and how it is recognised. */
  public final Library library() {
    return library;
  }

  /** What an unusable unit means. */
  public final Role role() {
    return role;
  }

  /**
   * The setting, without the prefix {@code mesh.}, that asks for this module; {@code ""} for one
   * that needs no asking. Nothing is woven, and nothing reported, where it is not set.
   */
  public String optInSetting() {
    return "";
  }

  /**
   * Whether this unit stands in front of the application: where it is not applied, calls come in
   * without the mesh's checks, and an instance whose policy is STRICT is not ready. True for the
   * enforcing unit of a server, false for all others.
   */
  public boolean guardsApplication() {
    return false;
  }

  /**
   * What is woven. All or nothing per class: where one binding does not fit, the class stays as it
   * is.
   */
  public abstract List<TypeInstrumentation> types();
}
