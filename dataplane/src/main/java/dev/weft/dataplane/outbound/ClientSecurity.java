package dev.weft.dataplane.outbound;

/** What the stage SECURE needs to know about our own identity. Thread-safe; never blocks. */
public interface ClientSecurity {
  /** Whether there is an own SVID and a bundle, so that a handshake can succeed. */
  boolean ready();

  /** Number of the current trust generation; changes with every own certificate or bundle. */
  long generation();

  /** No identity: calls that need mTLS are refused. */
  ClientSecurity NONE =
      new ClientSecurity() {
        @Override
        public boolean ready() {
          return false;
        }

        @Override
        public long generation() {
          return 0;
        }
      };
}
