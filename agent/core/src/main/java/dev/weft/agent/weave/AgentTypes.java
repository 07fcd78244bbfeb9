package dev.weft.agent.weave;

import net.bytebuddy.pool.TypePool;

/**
 * Descriptions of the agent's own classes, which every weave needs again: ByteBuddy's annotations
 * and the bootstrap classes that advice calls. Answers for no other class and keeps none.
 * Thread-safe.
 */
final class AgentTypes implements TypePool {
  static final TypePool POOL = new AgentTypes();

  private final TypePool known =
      new TypePool.Default.WithLazyResolution(
          new TypePool.CacheProvider.Simple(),
          new ClassBytes(null, "", new byte[0]),
          TypePool.Default.ReaderMode.FAST);

  private AgentTypes() {}

  @Override
  public Resolution describe(String name) {
    return ClassBytes.isAgents(name) ? known.describe(name) : new Resolution.Illegal(name);
  }

  @Override
  public void clear() {
    known.clear();
  }
}
