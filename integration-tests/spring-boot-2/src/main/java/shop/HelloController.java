package shop;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers who it is. */
@RestController
public class HelloController {
  private final String name;

  /** Called by Spring. */
  public HelloController(@Value("${shop.name}") String name) {
    this.name = name;
  }

  /** A greeting with the name of this application. */
  @GetMapping("/hello")
  public String hello() {
    return "hello from " + name;
  }
}
