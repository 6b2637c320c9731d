package dev.quern.webhook;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/// A receiver that has the text of a public key and nothing of ours: it reads the point as RFC 8032
/// writes it, and verifies with the JDK.
record KeyHolder(String text) {

  /// Whether one of the signatures in a header is of this message.
  boolean accepts(String header, String id, long timestamp, String body) {
    return Arrays.stream(header.split(" "))
        .filter(each -> each.startsWith("v1a,"))
        .anyMatch(each -> verifies(each.substring(4), id + "." + timestamp + "." + body));
  }

  boolean accepts(Receiver.Got got) {
    return accepts(got.signature(), got.id(), got.timestamp(), got.body());
  }

  private boolean verifies(String signature, String message) {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key());
      verifier.update(message.getBytes(StandardCharsets.UTF_8));
      return verifier.verify(Base64.getDecoder().decode(signature));
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private PublicKey key() throws GeneralSecurityException {
    if (!text.startsWith("whpk_")) {
      throw new AssertionError("no public key: " + text);
    }
    byte[] point = Base64.getDecoder().decode(text.substring(5));
    boolean odd = (point[31] & 0x80) != 0;
    byte[] y = new byte[32];
    for (int i = 0; i < 32; i++) {
      y[i] = point[31 - i];
    }
    y[0] &= 0x7f;
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(
            new EdECPublicKeySpec(
                NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y))));
  }
}
