package dev.weft.dataplane.balance;

/** Which candidate a hash belongs to, and which ones stand in when that is out. Immutable. */
interface HashTable {
  /** How many slots there are, at least 1. */
  int slots();

  /** The slot of a hash. */
  int slotOf(long hash);

  /** Index of the candidate in this slot; the following slots name who stands in. */
  int at(int slot);
}
