/** The command line: what an operator types, sent to the control server's REST API. */
package dev.weft.meshctl;
