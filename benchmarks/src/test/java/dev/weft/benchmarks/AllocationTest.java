package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What the request path allocates keeps its bounds: unlike times, bytes are the same on every
 * machine. Each benchmark runs in a JVM of its own, with all compilers.
 */
class AllocationTest {
  @Test
  void anOutboundDecisionThatIsNotSampledAllocatesOneKibibyteAtMost() throws Exception {
    assertThat(bytes(OutboundDecision.class, "decisionNotSampled")).isLessThanOrEqualTo(1024);
  }

  @Test
  void anInboundAuthorizationAllocates256BytesAtMost() throws Exception {
    assertThat(bytes(InboundAuthorization.class, "admitted")).isLessThanOrEqualTo(256);
  }

  @Test
  void aCallToAHostThatTheMeshDoesNotKnowAllocatesNothing() throws Exception {
    assertThat(bytes(OutboundDecision.class, "passthrough")).isLessThan(1);
  }

  private static double bytes(Class<?> benchmark, String method) throws Exception {
    RunResult result =
        new Runner(
                new OptionsBuilder()
                    .include(benchmark.getName().replace(".", "\\.") + "\\." + method + "$")
                    .forks(1)
                    .jvmArgs("-Xmx512m", "-XX:+UseSerialGC")
                    .warmupIterations(4)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(2)
                    .measurementTime(TimeValue.seconds(1))
                    .addProfiler(GCProfiler.class)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .runSingle();
    String allocated =
        result.getSecondaryResults().keySet().stream()
            .filter(label -> label.endsWith("gc.alloc.rate.norm"))
            .findFirst()
            .orElseThrow();
    double bytes = result.getSecondaryResults().get(allocated).getScore();
    System.out.printf("%s.%s: %.0f B%n", benchmark.getSimpleName(), method, bytes);
    return bytes;
  }
}
