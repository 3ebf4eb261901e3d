import type { X509Certificate } from "node:crypto";

/**
 * Whether a certificate leads to one of some roots by signatures, over others that came with it or without them. The
 * roots are those of the configuration; nothing else that comes is trusted for being there.
 *
 * @param at within the time of each certificate on the way, milliseconds since the Unix epoch; undefined: whenever
 */
export function leadsToRoot(
  certificate: X509Certificate,
  {
    between,
    roots,
    at,
  }: {
    readonly between: readonly X509Certificate[];
    readonly roots: readonly X509Certificate[];
    readonly at?: number;
  },
): boolean {
  if (at !== undefined && !isValidAt(certificate, at)) return false;
  const isRoot = roots.some((root) => root.raw.equals(certificate.raw));
  if (isRoot) return true;
  // Each is gone over once, so that a circle of them ends.
  return [...roots, ...between]
    .filter((issuer) => !issuer.raw.equals(certificate.raw) && hasIssued(issuer, certificate))
    .some((issuer) =>
      leadsToRoot(issuer, {
        between: between.filter((each) => each !== issuer),
        roots,
        ...(at !== undefined && { at }),
      }),
    );
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isValidAt({ validFromDate, validToDate }: X509Certificate, at: number): boolean {
  return validFromDate.getTime() <= at && at <= validToDate.getTime();
}
