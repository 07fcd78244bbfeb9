package dev.weft.dataplane.inbound;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * The filters that policy has needed so far, in the order of their stages. One that nothing needs
 * is not there, nor is its class loaded. Grows by one thread at a time; who reads it must have read
 * the policy before that it has grown for.
 */
final class FilterChain {
  private final Authorizers authorizers;
  private final BiConsumer<String, CheckOutcome> checked;
  private final LongSupplier nanoClock;
  private InboundFilter[] filters;
  private boolean checking;
  private boolean authenticating;
  private boolean limiting;
  private boolean sharing;

  /**
   * @param always those that are asked whatever policy says
   * @param checked hears what an authorizer said
   */
  FilterChain(
      InboundFilter[] always,
      Authorizers authorizers,
      BiConsumer<String, CheckOutcome> checked,
      LongSupplier nanoClock) {
    this.filters = always;
    this.authorizers = authorizers;
    this.checked = checked;
    this.nanoClock = nanoClock;
  }

  /** Not to be changed. */
  InboundFilter[] filters() {
    return filters;
  }

  List<String> names() {
    List<String> names = new ArrayList<>();
    for (InboundFilter filter : filters) {
      names.add(filter.getClass().getSimpleName());
    }
    return names;
  }

  /** Adds what this policy needs and no earlier one did. */
  void serve(CompiledInbound policy) {
    if (policy.custom() != null && !checking) {
      checking = true;
      insert(new CheckFilter(authorizers, checked, nanoClock));
    }
    if (policy.authentication() != null && !authenticating) {
      authenticating = true;
      insert(new AuthenticateFilter());
    }
    if (policy.cors() != null && !sharing) {
      sharing = true;
      insert(new CorsFilter());
    }
    if (policy.limits() != null && !limiting) {
      limiting = true;
      insert(new LimitFilter(nanoClock));
    }
  }

  private void insert(InboundFilter filter) {
    int at = 0;
    while (at < filters.length && filters[at].stage().compareTo(filter.stage()) < 0) {
      at++;
    }
    List<InboundFilter> longer = new ArrayList<>(Arrays.asList(filters));
    longer.add(at, filter);
    filters = longer.toArray(new InboundFilter[0]);
  }
}
