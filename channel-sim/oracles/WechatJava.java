// wechatpay-java, with certificates that it fetches, through a whole payment at the simulator. Prints what it saw as JSON.
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import com.wechat.pay.java.core.RSAAutoCertificateConfig;
import com.wechat.pay.java.core.exception.ServiceException;
import com.wechat.pay.java.core.http.DefaultHttpClientBuilder;
import com.wechat.pay.java.core.notification.NotificationParser;
import com.wechat.pay.java.core.notification.RequestParam;
import com.wechat.pay.java.service.billdownload.BillDownloadServiceExtension;
import com.wechat.pay.java.service.billdownload.DigestBillEntity;
import com.wechat.pay.java.service.billdownload.model.BillType;
import com.wechat.pay.java.service.billdownload.model.GetFundFlowBillRequest;
import com.wechat.pay.java.service.billdownload.model.GetTradeBillRequest;
import com.wechat.pay.java.service.billdownload.model.TarType;
import com.wechat.pay.java.service.payments.jsapi.JsapiServiceExtension;
import com.wechat.pay.java.service.payments.model.Transaction;
import com.wechat.pay.java.service.payments.nativepay.NativePayService;
import com.wechat.pay.java.service.payments.nativepay.model.Amount;
import com.wechat.pay.java.service.payments.nativepay.model.CloseOrderRequest;
import com.wechat.pay.java.service.payments.nativepay.model.PrepayRequest;
import com.wechat.pay.java.service.payments.nativepay.model.QueryOrderByIdRequest;
import com.wechat.pay.java.service.payments.nativepay.model.QueryOrderByOutTradeNoRequest;
import com.wechat.pay.java.service.refund.RefundService;
import com.wechat.pay.java.service.refund.model.AmountReq;
import com.wechat.pay.java.service.refund.model.CreateRequest;
import com.wechat.pay.java.service.refund.model.QueryByOutRefundNoRequest;
import com.wechat.pay.java.service.refund.model.RefundNotification;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Callable;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

public class WechatJava {
  static final Map<String, Object> notices = new ConcurrentHashMap<>();
  static String url;
  static String mchid;
  static NativePayService payments;

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
    mchid = merchant.get("mchid").getAsString();
    // There is no option for another host; the signature holds path and query only.
    HttpUrl base = HttpUrl.get(url);
    OkHttpClient http =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain ->
                    chain.proceed(
                        chain
                            .request()
                            .newBuilder()
                            .url(
                                chain.request().url().newBuilder()
                                    .scheme("http").host(base.host()).port(base.port()).build())
                            .build()))
            .build();
    RSAAutoCertificateConfig config =
        new RSAAutoCertificateConfig.Builder()
            .merchantId(mchid)
            .privateKey(merchant.get("privateKey").getAsString())
            .merchantSerialNumber(merchant.get("serial").getAsString())
            .apiV3Key(merchant.get("apiV3Key").getAsString())
            .httpClientBuilder(new DefaultHttpClientBuilder().okHttpClient(http))
            .build();
    var client = new DefaultHttpClientBuilder().okHttpClient(http).config(config).build();
    payments = new NativePayService.Builder().httpClient(client).build();
    RefundService refunds = new RefundService.Builder().httpClient(client).build();
    String notifyUrl = receive(new NotificationParser(config));

    Map<String, Object> seen = new LinkedHashMap<>();
    seen.put("codeUrl", payments.prepay(order("java-native-1", merchant, notifyUrl)).getCodeUrl());
    seen.put("open", query("java-native-1").getTradeState());
    control("pay", "{\"channel\":\"wechat\",\"outTradeNo\":\"java-native-1\"}");
    seen.put("paidNotice", until(() -> notices.get("transaction")));
    Transaction paid = query("java-native-1");
    seen.put("paid", paid);
    QueryOrderByIdRequest byId = new QueryOrderByIdRequest();
    byId.setMchid(mchid);
    byId.setTransactionId(paid.getTransactionId());
    seen.put("byId", payments.queryOrderById(byId).getOutTradeNo());
    seen.put("refund", refunds.create(refund("java-native-1", notifyUrl)));
    QueryByOutRefundNoRequest askRefund = new QueryByOutRefundNoRequest();
    askRefund.setOutRefundNo("java-refund-1");
    seen.put(
        "refunded",
        until(
            () -> {
              var refund = refunds.queryByOutRefundNo(askRefund);
              return "SUCCESS".equals(refund.getStatus().name()) ? refund : null;
            }));
    seen.put("refundNotice", until(() -> notices.get("refund")));
    JsapiServiceExtension jsapi = new JsapiServiceExtension.Builder().httpClient(client).config(config).build();
    var bridge = jsapi.prepayWithRequestPayment(jsapiOrder(merchant, notifyUrl));
    JsonObject call = new JsonObject();
    call.addProperty("appId", bridge.getAppId());
    call.addProperty("timeStamp", bridge.getTimeStamp());
    call.addProperty("nonceStr", bridge.getNonceStr());
    call.addProperty("package", bridge.getPackageVal());
    call.addProperty("signType", bridge.getSignType());
    call.addProperty("paySign", bridge.getPaySign());
    control("bridge", call.toString());
    seen.put("bridged", query("java-jsapi-1").getTradeState());
    payments.prepay(order("java-native-2", merchant, notifyUrl));
    CloseOrderRequest close = new CloseOrderRequest();
    close.setMchid(mchid);
    close.setOutTradeNo("java-native-2");
    payments.closeOrder(close);
    seen.put("closed", query("java-native-2").getTradeState());
    seen.put("absent", outcome("java-nothing"));
    seen.put("bill", bill(config, client, paid.getSuccessTime().substring(0, 10)));
    Map<String, String> flaws = new LinkedHashMap<>();
    for (String fault : new String[] {"wrong-signature", "unknown-serial", "unsigned", "rate-limited"}) {
      control("fault", "{\"fault\":\"answer." + fault + "\",\"outTradeNo\":\"java-native-1\"}");
      flaws.put(fault, outcome("java-native-1"));
    }
    seen.put("flaws", flaws);
    System.out.println(new Gson().toJson(seen));
  }

  static Map<String, Object> bill(RSAAutoCertificateConfig config, com.wechat.pay.java.core.http.HttpClient client, String date)
      throws Exception {
    var bills =
        new BillDownloadServiceExtension.Builder().httpClient(client).decryptor(config.createDecryptor()).build();
    GetTradeBillRequest ask = new GetTradeBillRequest();
    ask.setBillDate(date);
    ask.setBillType(BillType.ALL);
    ask.setTarType(TarType.GZIP);
    DigestBillEntity bill = bills.getTradeBill(ask);
    String text = new String(bill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    GetFundFlowBillRequest askFunds = new GetFundFlowBillRequest();
    askFunds.setBillDate(date);
    DigestBillEntity funds = bills.getFundFlowBill(askFunds);
    String fundText = new String(funds.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Map.of(
        "verified",
        List.of(bill.verifyHash(), funds.verifyHash()),
        "funds",
        fundText.lines().filter(line -> line.matches(".*`java-(native|refund)-1$")).map(line -> line.split(",`")[6]).toList(),
        "states",
        text.lines().filter(line -> line.contains("`java-native-1,")).map(line -> line.split(",`")[9]).toList());
  }

  static String receive(NotificationParser parser) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          var headers = exchange.getRequestHeaders();
          RequestParam request =
              new RequestParam.Builder()
                  .serialNumber(headers.getFirst("Wechatpay-Serial"))
                  .nonce(headers.getFirst("Wechatpay-Nonce"))
                  .signature(headers.getFirst("Wechatpay-Signature"))
                  .signType(headers.getFirst("Wechatpay-Signature-Type"))
                  .timestamp(headers.getFirst("Wechatpay-Timestamp"))
                  .body(body)
                  .build();
          int status = 200;
          try {
            if (body.contains("REFUND.")) notices.put("refund", parser.parse(request, RefundNotification.class));
            else notices.put("transaction", parser.parse(request, Transaction.class));
          } catch (RuntimeException error) {
            status = 401;
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/notify";
  }

  static PrepayRequest order(String number, JsonObject merchant, String notifyUrl) {
    PrepayRequest order = new PrepayRequest();
    Amount amount = new Amount();
    amount.setTotal(100);
    order.setAmount(amount);
    order.setAppid(merchant.get("appid").getAsString());
    order.setMchid(mchid);
    order.setDescription("咖啡 <&>");
    order.setNotifyUrl(notifyUrl);
    order.setOutTradeNo(number);
    return order;
  }

  static com.wechat.pay.java.service.payments.jsapi.model.PrepayRequest jsapiOrder(
      JsonObject merchant, String notifyUrl) {
    var order = new com.wechat.pay.java.service.payments.jsapi.model.PrepayRequest();
    var amount = new com.wechat.pay.java.service.payments.jsapi.model.Amount();
    amount.setTotal(100);
    order.setAmount(amount);
    var payer = new com.wechat.pay.java.service.payments.jsapi.model.Payer();
    payer.setOpenid("o1");
    order.setPayer(payer);
    order.setAppid(merchant.get("appid").getAsString());
    order.setMchid(mchid);
    order.setDescription("x");
    order.setNotifyUrl(notifyUrl);
    order.setOutTradeNo("java-jsapi-1");
    return order;
  }

  static CreateRequest refund(String number, String notifyUrl) {
    CreateRequest refund = new CreateRequest();
    refund.setOutTradeNo(number);
    refund.setOutRefundNo("java-refund-1");
    refund.setNotifyUrl(notifyUrl);
    AmountReq amount = new AmountReq();
    amount.setRefund(40L);
    amount.setTotal(100L);
    amount.setCurrency("CNY");
    refund.setAmount(amount);
    return refund;
  }

  static Transaction query(String number) {
    QueryOrderByOutTradeNoRequest request = new QueryOrderByOutTradeNoRequest();
    request.setMchid(mchid);
    request.setOutTradeNo(number);
    return payments.queryOrderByOutTradeNo(request);
  }

  static String outcome(String number) {
    try {
      return query(number).getTradeState().name();
    } catch (ServiceException error) {
      return error.getErrorCode();
    } catch (RuntimeException error) {
      return error.getClass().getSimpleName();
    }
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
