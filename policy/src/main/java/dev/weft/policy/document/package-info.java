/** YAML documents with the place of every value, and the problems found in them. */
package dev.weft.policy.document;
