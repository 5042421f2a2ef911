using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Permissions;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Transfers;

/// <summary>
/// Removes from a stage what no transfer will come back for: parts and notes that nobody holds and that are older than a day, and parts without a note, which a
/// host left that died before it had noted anything.
/// </summary>
internal sealed class IncomingSweep(TimeProvider time)
{
    private const int MaxEntries = 100_000;
    private static readonly TimeSpan s_youngest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_kept = TimeSpan.FromHours(24);

    /// <summary>Sweeps the stage in a directory, if it has one.</summary>
    public void Run(SafeFileHandle directory)
    {
        var errno = Handles.OpenAt(
            directory, NativePath.Encode(DirectoryPath.ReservedPrefix), OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, out var stage);
        using (stage)
        {
            var entries = new List<NamedEntry>();
            if (errno != Errno.None || Handles.Read(stage, MaxEntries, entries) != Errno.None)
            {
                return;
            }

            foreach (var entry in entries)
            {
                Remove(stage, entry);
            }
        }
    }

    private void Remove(SafeFileHandle stage, NamedEntry entry)
    {
        if (Handles.StatAt(stage, entry.Name, out var status) != Errno.None || status.Kind != FileKind.Regular)
        {
            return;
        }

        var isNobodys = entry.Text.EndsWith(IncomingStage.PartSuffix, StringComparison.Ordinal)
            && IncomingStage.ReadNote(stage, NativePath.Encode(entry.Text[..^IncomingStage.PartSuffix.Length] + IncomingStage.NoteSuffix)) is null;
        if (time.GetUtcNow() - status.Modified < (isNobodys ? s_youngest : s_kept))
        {
            return;
        }

        var errno = Handles.OpenAt(stage, entry.Name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking, out var handle);
        using (handle)
        {
            if (errno == Errno.AccessDenied || (errno == Errno.None && Handles.Lock(handle) == Errno.None))
            {
                _ = Handles.Unlink(stage, entry.Name);
            }
        }
    }
}
