using System.Collections.Immutable;

namespace Luminarys.Permissions;

/// <summary>Grant to run programs. A program is native code with the rights of the host process.</summary>
/// <param name="Allowlist">Command patterns; empty grants nothing, <c>**</c> grants every command.</param>
/// <param name="AllowedDirectories">Directory patterns in which a command may run.</param>
public sealed record ShellPermission(ImmutableArray<string> Allowlist, ImmutableArray<string> AllowedDirectories);
