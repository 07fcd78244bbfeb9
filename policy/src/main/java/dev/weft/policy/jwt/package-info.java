/** Key sets that JSON Web Tokens are verified with. */
package dev.weft.policy.jwt;
