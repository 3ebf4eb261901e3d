/** An app as Alipay knows it, with its seller. */
export interface AlipayAccount {
  readonly appId: string;
  /** The seller, 16 digits that begin with 2088. */
  readonly sellerId: string;
  readonly sellerEmail: string;
  /** The app's public key, PEM. */
  readonly appPublicKey: string;
  /** Alipay's private key, PEM. */
  readonly alipayPrivateKey: string;
  /** Set in certificate mode: what requests and answers name keys by. */
  readonly certificates?: AlipayCertificates;
}

/** Certificate numbers (`…_cert_sn`), and the certificate that answers are verified with. */
interface AlipayCertificates {
  readonly appSn: string;
  readonly rootSn: string;
  readonly alipaySn: string;
  /** PEM. */
  readonly alipayCertificate: string;
}
