/**
 * Advice that serves many methods of many libraries: a unit says in its module which hook it calls,
 * and with which values ({@link dev.weft.agent.extension.HookCall}). As all advice it is never
 * loaded; its bytecode is inlined into the library's methods.
 */
package dev.weft.agent.extension.advice;
