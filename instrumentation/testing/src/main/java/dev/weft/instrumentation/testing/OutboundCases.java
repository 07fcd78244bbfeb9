package dev.weft.instrumentation.testing;

/** Cases of one theme of the {@link OutboundContract}. */
interface OutboundCases {
  /** What the cases run on. */
  OutboundRig rig();
}
