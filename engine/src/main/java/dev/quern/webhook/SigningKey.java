package dev.quern.webhook;

import dev.quern.WebhookSignature;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// A key pair of Ed25519, of which the receiver has the public half. The text holds both: the seed,
/// from which the private half is made, and the public key.
final class SigningKey implements Secret {
  static final String PREFIX = "whsk_";
  private static final String PUBLIC_PREFIX = "whpk_";
  private static final int HALF = 32;
  private static final String ED25519 = "Ed25519";

  /// What stands before the point in an encoded key (RFC 8410).
  private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

  private final byte[] seed;
  private final byte[] point;

  private SigningKey(byte[] seed, byte[] point) {
    this.seed = seed;
    this.point = point;
  }

  static SigningKey random() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ED25519).generateKeyPair();
      byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
      byte[] encoded = pair.getPublic().getEncoded();
      return new SigningKey(seed, Arrays.copyOfRange(encoded, SPKI.length, encoded.length));
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  private static IllegalStateException missing(GeneralSecurityException e) {
    return new IllegalStateException("this Java has no " + ED25519, e);
  }

  static SigningKey of(byte[] bytes) {
    if (bytes.length != 2 * HALF) {
      throw new IllegalArgumentException(
          "a webhook key of %d bytes: must be %d, the seed and the public key"
              .formatted(bytes.length, 2 * HALF));
    }
    return new SigningKey(
        Arrays.copyOf(bytes, HALF), Arrays.copyOfRange(bytes, HALF, bytes.length));
  }

  /// Looks whether both halves are of one pair: nobody could verify what is signed with others.
  ///
  /// @throws IllegalArgumentException if they are not
  void check() {
    if (!verifies(sign(seed), seed)) {
      throw new IllegalArgumentException(
          "a webhook key whose public half is not that of its seed: give the seed and its own");
    }
  }

  private boolean verifies(byte[] signed, byte[] message) {
    try {
      Signature signature = Signature.getInstance(ED25519);
      signature.initVerify(publicKeyOf(point));
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      // Not every 32 bytes are a point.
      return false;
    }
  }

  private static PublicKey publicKeyOf(byte[] point) throws GeneralSecurityException {
    byte[] encoded = Arrays.copyOf(SPKI, SPKI.length + HALF);
    System.arraycopy(point, 0, encoded, SPKI.length, HALF);
    return KeyFactory.getInstance(ED25519).generatePublic(new X509EncodedKeySpec(encoded));
  }

  @Override
  public WebhookSignature signature() {
    return WebhookSignature.V1A;
  }

  @Override
  public String text() {
    byte[] both = Arrays.copyOf(seed, 2 * HALF);
    System.arraycopy(point, 0, both, HALF, HALF);
    return PREFIX + Base64.getEncoder().encodeToString(both);
  }

  @Override
  public String shown() {
    return PUBLIC_PREFIX + Base64.getEncoder().encodeToString(point);
  }

  @Override
  public Optional<String> publicKey() {
    return Optional.of(shown());
  }

  @Override
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ED25519);
      signature.initSign(privateKey());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  private PrivateKey privateKey() throws GeneralSecurityException {
    return KeyFactory.getInstance(ED25519)
        .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
  }

  /// Without the seed.
  @Override
  public String toString() {
    return PREFIX + "…";
  }
}
