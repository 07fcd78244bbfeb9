/** A subset of Google's Common Expression Language, over what is known of one request. */
package dev.weft.policy.cel;
