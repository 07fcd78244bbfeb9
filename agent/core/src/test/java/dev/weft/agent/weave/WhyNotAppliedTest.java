package dev.weft.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.GateModule;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.TypeInstrumentation;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the report says of a library that is not woven. */
final class WhyNotAppliedTest {
  private static final String CLASS = "org/library/server/Container";

  @Test
  void versionOutOfRangeIsNamedAndTold() {
    Run run = new Run(new Old(), new New());
    AtomicInteger told = new AtomicInteger();
    run.report.onMissingGuard(told::incrementAndGet);
    run.load("1.2", CLASS, container("serve"));
    assertThat(run.of("library-2"))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.state()).isEqualTo("not-applied");
              assertThat(e.version()).isEqualTo("1.2");
              assertThat(e.obstacle()).isEqualTo(Obstacle.VERSION);
              assertThat(e.isGuard()).isTrue();
            });
    assertThat(told).hasValue(2);
    run.load("1.2", CLASS, container("serve"));
    assertThat(told).as("the same again").hasValue(2);
  }

  @Test
  void versionOfAnotherUnitIsNoNews() {
    Run run = new Run(new Old(), new New());
    run.load("2.5", CLASS, container("serve"));
    run.load("3.1", CLASS, container("serveLater"));
    assertThat(run.of("library-2"))
        .singleElement()
        .satisfies(e -> assertThat(e.toString()).contains("2.5): applied"));
    assertThat(run.of("library-3"))
        .singleElement()
        .satisfies(e -> assertThat(e.toString()).contains("3.1): applied"));
  }

  @Test
  void shapeOfAnotherUnitIsNoNewsWhereNoVersionCanBeRead() {
    Run run = new Run(new Old(), new New());
    run.load("", CLASS, container("serveLater"));
    assertThat(run.of("library-2"))
        .singleElement()
        .satisfies(e -> assertThat(e.state()).isEqualTo("not-seen"));
    assertThat(run.of("library-3"))
        .singleElement()
        .satisfies(e -> assertThat(e.toString()).contains("unknown): applied"));
  }

  @Test
  void libraryThatIsOnlyRecognisedIsToldOfAlone() {
    Run run = new Run(new Old(), new Recognised());
    AtomicInteger told = new AtomicInteger();
    run.report.onMissingGuard(told::incrementAndGet);
    run.load("", CLASS, container("serveInItsWay"));
    assertThat(run.of("library-2"))
        .singleElement()
        .satisfies(e -> assertThat(e.state()).isEqualTo("not-seen"));
    assertThat(run.of("recognised"))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.state()).isEqualTo("not-applied");
              assertThat(e.obstacle()).isEqualTo(Obstacle.UNSUPPORTED);
              assertThat(e.reason()).isEqualTo("there is no unit for it");
              assertThat(e.isGuard()).isTrue();
            });
    assertThat(told).hasValue(1);
  }

  @Test
  void libraryThatIsNotTheRecognisedOneIsNoNewsOfIt() {
    Run run = new Run(new Old(), new Recognised());
    run.load("2.5", CLASS, container("serve"));
    run.load("1.5", CLASS, container("serve"));
    assertThat(run.of("recognised"))
        .singleElement()
        .satisfies(e -> assertThat(e.state()).isEqualTo("not-seen"));
    assertThat(run.of("library-2")).hasSize(2);
  }

  @Test
  void recognisedLibraryIsClosedWhereFailureIsDenied() throws Exception {
    Run run = new Run(true, new Recognised());
    byte[] closed = run.load("", CLASS, container("serveInItsWay"));
    Class<?> type =
        new ClassLoader() {
          Class<?> define() {
            return defineClass(null, closed, 0, closed.length);
          }
        }.define();
    assertThatThrownBy(() -> type.getMethod("serveInItsWay", int.class).invoke(null, 1))
        .rootCause()
        .hasMessageContaining("closed by the service mesh");
    assertThat(new Run(new Recognised()).load("", CLASS, container("serveInItsWay"))).isNull();
  }

  @Test
  void copyUnderAnotherPackageIsToldFromOthers() {
    Run run = new Run(new Old(), new Recognised());
    for (String other :
        new String[] {
          "shop/server/Container",
          "shop/library/server/Containers",
          "shop/xlibrary/server/Container",
          "library/server/Container",
          "dev/weft/shaded/org/library/server/Container"
        }) {
      run.load("2.5", other, container("serve"));
    }
    assertThat(run.of("library-2"))
        .singleElement()
        .satisfies(e -> assertThat(e.state()).isEqualTo("not-seen"));

    run.load("2.5", "shop/shaded/org/library/server/Container", container("serve"));
    run.load("2.5", "com/vendor/library/server/Container", container("serve"));
    assertThat(run.of("library-2"))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.obstacle()).isEqualTo(Obstacle.SHADED);
              assertThat(e.reason())
                  .isEqualTo(
                      "shop.shaded.org.library.server.Container is a copy of"
                          + " org.library.server.Container under another package");
            });
    assertThat(run.of("recognised"))
        .as("whose copy it is, nobody knows")
        .singleElement()
        .satisfies(e -> assertThat(e.state()).isEqualTo("not-seen"));
  }

  @Test
  void classChangedByAnotherAgentIsTold() {
    Run run = new Run(new Old());
    run.original = container("serve");
    run.load("2.5", CLASS, container("$original$serve"));
    assertThat(run.of("library-2"))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.obstacle()).isEqualTo(Obstacle.OTHER_AGENT);
              assertThat(e.reason()).contains("has no method serve").contains("another agent");
            });
  }

  @Test
  void methodThatTheLibraryHasNotIsAMatterOfShape() {
    Run run = new Run(new Old());
    run.original = container("run");
    run.load("2.5", CLASS, container("run"));
    assertThat(run.of("library-2"))
        .singleElement()
        .satisfies(e -> assertThat(e.obstacle()).isEqualTo(Obstacle.SHAPE));
  }

  private static byte[] container(String method) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V1_8, Opcodes.ACC_PUBLIC, CLASS, null, "java/lang/Object", null);
    MethodVisitor visitor =
        writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, method, "(I)I", null, null);
    visitor.visitCode();
    visitor.visitVarInsn(Opcodes.ILOAD, 0);
    visitor.visitInsn(Opcodes.IRETURN);
    visitor.visitMaxs(1, 1);
    visitor.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static final class Run {
    final InstrumentationReport report;
    final WeavingTransformer transformer;
    byte[] original = new byte[0];

    Run(InstrumentationModule... modules) {
      this(false, modules);
    }

    Run(boolean closeUnusable, InstrumentationModule... modules) {
      InstrumentationIndex index = InstrumentationIndex.of(Arrays.asList(modules));
      report = InstrumentationReport.of(index);
      transformer = WeavingTransformer.of(index, report, closeUnusable);
    }

    /** As a class loader of its own does whose library has this version. */
    byte @Nullable [] load(String version, String internalName, byte[] bytes) {
      Map<String, byte[]> files = new HashMap<>();
      files.put("library.properties", ("version=" + version).getBytes());
      files.put(CLASS + ".class", original.length == 0 ? bytes : original);
      ClassLoader loader =
          new ClassLoader(WhyNotAppliedTest.class.getClassLoader()) {
            @Override
            public InputStream getResourceAsStream(String name) {
              byte[] file = files.get(name);
              return file == null
                  ? super.getResourceAsStream(name)
                  : new ByteArrayInputStream(file);
            }
          };
      return transformer.transform(loader, internalName, null, null, bytes);
    }

    List<InstrumentationReport.Entry> of(String module) {
      List<InstrumentationReport.Entry> found = new ArrayList<>();
      for (InstrumentationReport.Entry entry : report.entries()) {
        if (entry.name().equals(module)) {
          found.add(entry);
        }
      }
      return found;
    }
  }

  private abstract static class Container extends GateModule {
    private final String method;

    Container(String name, String libraryName, String from, String bound, String method) {
      super(
          name,
          Library.named(libraryName)
              .versions(from, bound)
              .versionFrom("library.properties", "version")
              .requires(CLASS.replace('/', '.'), method)
              .build());
      this.method = method;
    }

    @Override
    public List<TypeInstrumentation> types() {
      return Collections.singletonList(
          TypeInstrumentation.of(
              CLASS.replace('/', '.'),
              AdviceBinding.of(method, "(I)I", "dev.weft.agent.weave.SampleAdvice")));
    }
  }

  private static final class Recognised extends GateModule {
    Recognised() {
      super(
          "recognised",
          Library.named("Recognised")
              .requires(CLASS.replace('/', '.'), "serveInItsWay")
              .notWoven("there is no unit for it")
              .build());
    }

    @Override
    public List<TypeInstrumentation> types() {
      return Collections.singletonList(
          TypeInstrumentation.of(
              CLASS.replace('/', '.'), AdviceBinding.closing("serveInItsWay", AdviceBinding.ANY)));
    }
  }

  private static final class Old extends Container {
    Old() {
      super("library-2", "Library", "2", "3", "serve");
    }
  }

  private static final class New extends Container {
    New() {
      super("library-3", "Library, the new one", "3", null, "serveLater");
    }
  }
}
