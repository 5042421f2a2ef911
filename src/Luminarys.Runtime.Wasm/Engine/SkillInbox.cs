using System.Security.Cryptography;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Skills;
using Microsoft.Extensions.Options;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// A directory of each skill, in which it finds files that come with its calls and which it may only read. Its grant is implied: no manifest names it. What a
/// process left behind is deleted when its skill is loaded again.
/// </summary>
internal sealed class SkillInbox(IOptions<WasmRuntimeOptions> options) : ISkillInbox
{
    private const int NameBytes = 8;
    private static readonly TimeSpan s_longestCall = TimeSpan.FromHours(1);

    /// <summary>Makes the inbox of a skill that is being loaded, and grants it; the grants as they are when the host has none.</summary>
    /// <param name="manifest">The skill's.</param>
    /// <param name="root">Where inboxes are; null for nowhere.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">It cannot be made, or others may write to it.</exception>
    public static PermissionSet Grant(Manifest manifest, string? root, TimeProvider time)
    {
        if (root is null)
        {
            return manifest.Permissions;
        }

        var inbox = PathOf(root, manifest.Id);
        if ((PrivateDirectory.Prepare(root) ?? PrivateDirectory.Prepare(inbox)) is { } refusal)
        {
            throw new IOException(refusal);
        }

        DeleteOld(inbox, time.GetUtcNow() - s_longestCall);
        var grant = new DirectoryGrant(DirectoryPattern.Escape(inbox), AccessMode.ReadOnly) { IsImplied = true };
        return manifest.Permissions with { Directories = manifest.Permissions.Directories.Add(grant) };
    }

    /// <inheritdoc/>
    public string? Open(SkillId skill)
    {
        if (options.Value.InboxDirectory is not { } root || !Directory.Exists(PathOf(root, skill)))
        {
            return null;
        }

        var directory = Path.Combine(PathOf(root, skill), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes)));
        return PrivateDirectory.Prepare(directory) is { } refusal ? throw new IOException(refusal) : directory;
    }

    // What is younger may belong to a call of the version before.
    private static void DeleteOld(string inbox, DateTimeOffset before)
    {
        foreach (var directory in new DirectoryInfo(inbox).EnumerateDirectories().Where(directory => directory.LastWriteTimeUtc < before))
        {
            directory.Delete(recursive: true);
        }
    }

    private static string PathOf(string root, SkillId skill) => Path.Combine(Path.GetFullPath(root), skill.Value);
}
