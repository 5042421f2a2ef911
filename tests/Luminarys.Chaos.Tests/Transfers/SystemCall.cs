namespace Luminarys.Chaos.Transfers;

/// <summary>A system call that succeeded.</summary>
/// <param name="Name">As the manual pages name it.</param>
/// <param name="Arguments">What it was given and what it answered, in the words of strace: handles with what they stand for.</param>
/// <param name="Begin">Line on which it begins.</param>
/// <param name="End">Line on which it ends; the same one unless another thread was heard in between.</param>
internal sealed record SystemCall(string Name, string Arguments, int Begin, int End);
