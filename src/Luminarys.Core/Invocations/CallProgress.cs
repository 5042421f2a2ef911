namespace Luminarys.Invocations;

/// <summary>How far a call has come.</summary>
/// <param name="Done">What is done, in a unit of the reporter's choice, such as bytes. It grows from report to report.</param>
/// <param name="Total">What there is to do, in the same unit; null when nobody knows.</param>
/// <param name="Message">What goes on, for the caller; null for nothing. Free of secrets and host paths.</param>
public readonly record struct CallProgress(double Done, double? Total = null, string? Message = null);
