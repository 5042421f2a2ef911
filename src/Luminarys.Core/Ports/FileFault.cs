using Luminarys.Permissions;

namespace Luminarys.Ports;

/// <summary>Why an act on a file did not happen, and where.</summary>
/// <param name="Error">Kind.</param>
/// <param name="Path">The path as the skill named it.</param>
/// <param name="Detail">For the skill, unless <see cref="FileError.Denied"/>: then it is for the log only. May be empty.</param>
/// <param name="Verdict">For the operator, when the error is <see cref="FileError.Denied"/>; null otherwise.</param>
public sealed record FileFault(FileError Error, string Path, string Detail = "", Verdict? Verdict = null);
