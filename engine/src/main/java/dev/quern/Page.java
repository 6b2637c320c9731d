package dev.quern;

import java.util.List;
import java.util.Optional;

/// A page of jobs.
///
/// @param jobs at most as many as were asked for; may be empty though there is a next page
/// @param next for [JobFilter#after]; empty on the last page
public record Page(List<Job> jobs, Optional<String> next) {}
