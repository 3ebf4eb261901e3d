// alipay-sdk-java, in certificate mode, through a whole payment at the simulator. Prints what it saw as JSON.
import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayClient;
import com.alipay.api.AlipayRequest;
import com.alipay.api.AlipayResponse;
import com.alipay.api.CertAlipayRequest;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.internal.util.AlipaySignature;
import com.alipay.api.request.AlipayDataDataserviceBillDownloadurlQueryRequest;
import com.alipay.api.request.AlipayTradeCloseRequest;
import com.alipay.api.request.AlipayTradeFastpayRefundQueryRequest;
import com.alipay.api.request.AlipayTradePagePayRequest;
import com.alipay.api.request.AlipayTradePrecreateRequest;
import com.alipay.api.request.AlipayTradeQueryRequest;
import com.alipay.api.request.AlipayTradeRefundRequest;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

public class AlipayJava {
  static final List<Map<String, String>> notices = Collections.synchronizedList(new ArrayList<>());
  static String url;
  static AlipayClient alipay;

  public static void main(String[] args) {
    int status = 0;
    try {
      play();
    } catch (Throwable error) {
      error.printStackTrace();
      status = 1;
    }
    // The receiver's threads would keep the process alive.
    System.exit(status);
  }

  static void play() throws Exception {
    JsonObject given =
        JsonParser.parseReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).getAsJsonObject();
    url = given.get("url").getAsString();
    JsonObject merchant = given.getAsJsonObject("merchant");
    String publicKey = bare(merchant.get("alipayPublicKey").getAsString());
    CertAlipayRequest config = new CertAlipayRequest();
    config.setServerUrl(url + "/gateway.do");
    config.setAppId(merchant.get("appId").getAsString());
    config.setPrivateKey(bare(merchant.get("privateKey").getAsString()));
    config.setFormat("json");
    config.setCharset("UTF-8");
    config.setSignType("RSA2");
    config.setCertContent(merchant.get("appCertificate").getAsString());
    config.setAlipayPublicCertContent(merchant.get("alipayCertificate").getAsString());
    config.setRootCertContent(merchant.get("rootCertificate").getAsString());
    alipay = new DefaultAlipayClient(config);
    String notifyUrl = receive(publicKey);

    Map<String, Object> seen = new LinkedHashMap<>();
    AlipayTradePrecreateRequest precreate = new AlipayTradePrecreateRequest();
    precreate.setNotifyUrl(notifyUrl);
    seen.put("precreate", ask(precreate, order("java-qr-1")));
    seen.put("beforeScan", ask(new AlipayTradeQueryRequest(), number("java-qr-1")));
    control("pay", "{\"channel\":\"alipay\",\"outTradeNo\":\"java-qr-1\"}");
    seen.put("paidNotice", until(() -> notices.isEmpty() ? null : notices.get(0)));
    seen.put("paid", ask(new AlipayTradeQueryRequest(), number("java-qr-1")));
    String refund = "{\"out_trade_no\":\"java-qr-1\",\"refund_amount\":\"0.40\",\"out_request_no\":\"java-refund-1\"}";
    seen.put("refund", ask(new AlipayTradeRefundRequest(), refund));
    seen.put("refunded", ask(new AlipayTradeFastpayRefundQueryRequest(), refund));
    seen.put("refundNotice", until(() -> notices.size() < 2 ? null : notices.get(1)));
    AlipayTradePagePayRequest page = new AlipayTradePagePayRequest();
    page.setBizContent(order("java-page-1"));
    HttpRequest open = HttpRequest.newBuilder(URI.create(alipay.pageExecute(page, "GET").getBody())).build();
    seen.put("page", HttpClient.newHttpClient().send(open, HttpResponse.BodyHandlers.ofString()).statusCode());
    seen.put("close", ask(new AlipayTradeCloseRequest(), number("java-page-1")));
    seen.put("closed", ask(new AlipayTradeQueryRequest(), number("java-page-1")));
    seen.put("bill", bill());
    Map<String, Object> flaws = new LinkedHashMap<>();
    for (String fault : new String[] {"wrong-signature", "unsigned", "unknown-serial"}) {
      control("fault", "{\"fault\":\"answer." + fault + "\",\"outTradeNo\":\"java-qr-1\"}");
      flaws.put(fault, ask(new AlipayTradeQueryRequest(), number("java-qr-1")));
    }
    seen.put("flaws", flaws);
    System.out.println(new Gson().toJson(seen));
  }

  static String receive(String publicKey) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          Map<String, String> told = new HashMap<>();
          for (String pair : body.split("&")) {
            String[] parts = pair.split("=", 2);
            told.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
          }
          String verified;
          try {
            verified = String.valueOf(AlipaySignature.rsaCheckV1(new HashMap<>(told), publicKey, "UTF-8", "RSA2"));
          } catch (AlipayApiException error) {
            verified = error.toString();
          }
          told.put("verified", verified);
          notices.add(told);
          exchange.sendResponseHeaders(200, 7);
          exchange.getResponseBody().write("success".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/notify";
  }

  static <T extends AlipayResponse> Map<String, Object> ask(AlipayRequest<T> request, String content) {
    Map<String, Object> seen = new LinkedHashMap<>();
    try {
      // Every request has the setter, but their common interface has none.
      request.getClass().getMethod("setBizContent", String.class).invoke(request, content);
      T response = alipay.certificateExecute(request);
      seen.put("success", response.isSuccess());
      seen.put("answer", JsonParser.parseString(response.getBody()));
    } catch (Exception error) {
      seen.put("error", error.getClass().getSimpleName());
    }
    return seen;
  }

  /** Asked of the SDK, and read as Java's own archive reader does it. */
  static Map<String, Object> bill() throws Exception {
    String date = LocalDate.now(ZoneId.of("Asia/Shanghai")).toString();
    AlipayDataDataserviceBillDownloadurlQueryRequest request = new AlipayDataDataserviceBillDownloadurlQueryRequest();
    request.setBizContent("{\"bill_type\":\"trade\",\"bill_date\":\"" + date + "\"}");
    var response = alipay.certificateExecute(request);
    Charset gbk = Charset.forName("GBK");
    Map<String, Object> files = new LinkedHashMap<>();
    try (ZipInputStream archive =
        new ZipInputStream(URI.create(response.getBillDownloadUrl()).toURL().openStream(), gbk)) {
      for (ZipEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
        String name = entry.getName();
        String text = new String(archive.readAllBytes(), gbk);
        files.put(
            name.substring(name.lastIndexOf('_') + 1),
            text.lines().filter(line -> line.contains("java-qr-1")).map(line -> line.split("\t?,")[2]).toList());
      }
    }
    return files;
  }

  static String order(String number) {
    return "{\"out_trade_no\":\"" + number + "\",\"total_amount\":\"1.00\",\"subject\":\"咖啡 <&> +1 100%\"}";
  }

  static String number(String number) {
    return "{\"out_trade_no\":\"" + number + "\"}";
  }

  static String bare(String pem) {
    return pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
  }

  static void control(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/simulator/api/" + path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  static Object until(Callable<Object> read) throws Exception {
    while (true) {
      Object value = read.call();
      if (value != null) return value;
      Thread.sleep(20);
    }
  }
}
