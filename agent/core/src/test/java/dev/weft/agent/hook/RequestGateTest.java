package dev.weft.agent.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.RequestGate;
import dev.weft.dataplane.DataPlane;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundObserver;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The gate of a container in which something of ours is broken. */
final class RequestGateTest {
  private final List<InboundExchange> ended = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final DataPlane dataPlane =
      DataPlane.builder()
          .denyWithoutPolicy(true)
          .inboundObserver(
              new InboundObserver() {
                @Override
                public void ended(InboundExchange exchange) {
                  ended.add(exchange);
                }
              })
          .build();

  private final HookContext context =
      new HookContext() {
        @Override
        public DataPlane dataPlane() {
          return dataPlane;
        }

        @Override
        public void notApplied(String reason) {}

        @Override
        public void failed(String what, Throwable failure) {
          failures.add(failure.getMessage());
        }
      };

  @Test
  void aRequestThatCannotBeKeptIsRefusedAndIsOver() {
    RequestGate<Object, Object> gate = new BrokenGate(context);

    assertThat(gate.enter(null, "request", "answer", null)).as("permit").isNull();

    assertThat(failures).containsExactly("injected");
    assertThat(ended).as("gives back what it held").hasSize(1);
  }

  private static final class BrokenGate extends RequestGate<Object, Object> {
    BrokenGate(HookContext context) {
      super(context);
    }

    @Override
    protected @Nullable InboundExchange kept(Object request) {
      return null;
    }

    @Override
    protected void keep(Object request, InboundExchange exchange) {
      throw new IllegalStateException("injected");
    }

    @Override
    protected boolean wasInside(Object request) {
      return false;
    }

    @Override
    protected MeshConnection connection(Object request) {
      return MeshConnection.UNSECURED;
    }

    @Override
    protected boolean strip(Object request) {
      return false;
    }

    /** A request that says nothing. */
    @Override
    protected InboundRequest adapt(Object request, MeshConnection connection) {
      return (InboundRequest)
          Proxy.newProxyInstance(
              InboundRequest.class.getClassLoader(),
              new Class<?>[] {InboundRequest.class},
              (proxy, method, arguments) ->
                  method.getReturnType() == List.class
                      ? Collections.emptyList()
                      : method.getReturnType() == String.class ? "" : null);
    }

    @Override
    protected void refuse(LocalReply reply, Object request, Object answer) {}
  }
}
