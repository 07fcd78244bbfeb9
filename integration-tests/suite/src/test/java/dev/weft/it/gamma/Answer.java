package dev.weft.it.gamma;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a request.
 *
 * @param location of a redirect, which was not followed
 * @param headers of the answer, by name in lower case
 * @param backend name of the instance that answered, or null when none did
 * @param received headers of the request as that instance got them, by name in lower case; several
 *     of one name are joined with a comma
 */
record Answer(
    int status,
    @Nullable String location,
    Map<String, String> headers,
    @Nullable String backend,
    Map<String, String> received) {}
