package dev.quern;

import java.util.Optional;

/// What a replay did.
///
/// @param sent how many deliveries are on their way again
/// @param next for [WebhookReplay#after], where more remain to be sent; empty at the end of the
///   range
public record Replayed(int sent, Optional<Long> next) {}
