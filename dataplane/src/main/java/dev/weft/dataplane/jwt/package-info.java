/** Tokens of end users (JSON Web Tokens): read and verified with what the JDK has. */
package dev.weft.dataplane.jwt;
