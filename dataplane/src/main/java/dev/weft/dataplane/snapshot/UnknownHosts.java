package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.IpText;
import dev.weft.dataplane.filter.AddressBlock;
import dev.weft.dataplane.origination.Originations;
import dev.weft.dataplane.resilience.StateRegistry;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses calls to hosts that the mesh does not know ({@code REGISTRY_ONLY}). Asked only about
 * authorities that are no service over their scheme; made only where policy says so. Immutable.
 */
final class UnknownHosts {
  /** What Istio's telemetry calls the destination of such calls. */
  static final String NAME = "BlackHoleCluster";

  /** Of pools that connect to nobody. */
  private static final Originations NO_TLS = Originations.on(loop -> {});

  private final CompiledService nowhere;
  private final AuthorityTable known;
  private final List<CompiledService> wildcards;
  private final List<Range> ranges;

  private UnknownHosts(
      CompiledService nowhere,
      AuthorityTable known,
      List<CompiledService> wildcards,
      List<Range> ranges) {
    this.nowhere = nowhere;
    this.known = known;
    this.wildcards = wildcards;
    this.ranges = ranges;
  }

  /** Addresses that are a service's. */
  private static final class Range {
    final CompiledService service;
    final AddressBlock[] blocks;

    Range(CompiledService service, List<String> blocks) {
      this.service = service;
      this.blocks = AddressBlock.of(blocks);
    }
  }

  /**
   * @param known all services, also those whose calls are left to the application
   */
  static UnknownHosts refused(List<CompiledService> known, StateRegistry registry) {
    Service service = Service.builder().host(NAME).name(NAME).build();
    List<CompiledService> wildcards = new ArrayList<>();
    List<Range> ranges = new ArrayList<>();
    for (CompiledService each : known) {
      List<String> blocks = new ArrayList<>();
      boolean wildcard = false;
      for (String authority : each.document().authorities) {
        wildcard |= authority.startsWith("*");
        if (authority.indexOf('/') >= 0) {
          blocks.add(authority);
        }
      }
      if (wildcard) {
        wildcards.add(each);
      }
      if (!blocks.isEmpty()) {
        ranges.add(new Range(each, blocks));
      }
    }
    return new UnknownHosts(
        CompiledService.of(service, nobody(service, registry), Collections.emptyMap()),
        AuthorityTable.of(known),
        wildcards,
        ranges);
  }

  /** No endpoint: of a service that is not called through the mesh. */
  static EndpointPool nobody(Service service, StateRegistry registry) {
    return EndpointPool.of(
        service.host,
        "",
        Collections.emptyList(),
        TrafficPolicy.defaults(),
        registry.service(service.host),
        OwnInstance.UNKNOWN,
        NO_TLS);
  }

  /** Null for what is known and left alone, else what refuses the call. */
  @Nullable CompiledService find(String scheme, String authority) {
    return known.find(authority, Authorities.defaultPort(scheme)) != null
            || Authorities.isLoopback(authority)
            || isCovered(scheme, authority)
        ? null
        : nowhere;
  }

  private boolean isCovered(String scheme, String authority) {
    int start = authority.lastIndexOf('@') + 1;
    int end = Authorities.hostEnd(authority, start);
    int port = Authorities.port(authority, end, Authorities.defaultPort(scheme));
    for (CompiledService service : wildcards) {
      for (String pattern : service.document().authorities) {
        int length = pattern.length() - 1;
        if (pattern.startsWith("*")
            && end - start > length
            && authority.regionMatches(true, end - length, pattern, 1, length)
            && service.listens(port)) {
          return true;
        }
      }
    }
    return !ranges.isEmpty() && isInRange(Authorities.hostOf(authority), port);
  }

  private boolean isInRange(String host, int port) {
    byte[] address = IpText.parse(host);
    if (address == null) {
      return false;
    }
    for (Range range : ranges) {
      if (range.service.listens(port) && AddressBlock.any(range.blocks, address)) {
        return true;
      }
    }
    return false;
  }
}
