using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>A directory and its files that only this user may write to. Elsewhere than on Unix the system's own defaults must do.</summary>
internal static partial class PrivateDirectory
{
    private const int KeySize = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Creates the directory when it is missing; answers why it must not be used, or null.</summary>
    public static string? Prepare(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
            return null;
        }

        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory, OwnerOnly);
        }

        if ((File.GetUnixFileMode(directory) & OthersWrite) != 0)
        {
            return $"{directory} may be written by others; run: chmod 700 {directory}";
        }

        return IsOwn(directory) ? null : $"{directory} belongs to another user; name a directory of the host's own user";
    }

    /// <summary>Reads the key file, or creates it with random content. A file that is too short is what a crash left, and is replaced.</summary>
    /// <exception cref="IOException">The file is not a key.</exception>
    public static byte[] ReadOrCreateKey(string file)
    {
        var found = ReadIfExists(file);
        if (found is null || found.Length < KeySize)
        {
            CreateKey(file, overwrite: found is not null);
            found = File.ReadAllBytes(file);
        }

        return found.Length == KeySize ? found : throw new IOException($"{file} is not a key of {KeySize} bytes; delete it");
    }

    /// <summary>Writes a file so that readers see the old content or the new one, never a part.</summary>
    public static async Task ReplaceAsync(string file, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var temporary = TemporaryOf(file);
        try
        {
            var stream = Create(temporary);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(head, cancellationToken).ConfigureAwait(false);
                await stream.WriteAsync(body, cancellationToken).ConfigureAwait(false);
            }

            File.Move(temporary, file, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static byte[]? ReadIfExists(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    // The file appears with all of its content or not at all. Of two hosts that start at once, the first one's key is that of both.
    private static void CreateKey(string file, bool overwrite)
    {
        var temporary = TemporaryOf(file);
        try
        {
            using (var created = Create(temporary))
            {
                created.Write(RandomNumberGenerator.GetBytes(KeySize));
                created.Flush(flushToDisk: true);
            }

            Place(temporary, file, overwrite);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    // The framework's move looks for the target first and then renames, so two movers may both succeed. A link is made once.
    private static void Place(string temporary, string file, bool overwrite)
    {
        if (overwrite || OperatingSystem.IsWindows())
        {
            MoveUnlessFaster(temporary, file, overwrite);
        }
        else if (Link(temporary, file) != 0 && !File.Exists(file))
        {
            // A file system without links.
            MoveUnlessFaster(temporary, file, overwrite);
        }
    }

    private static void MoveUnlessFaster(string temporary, string file, bool overwrite)
    {
        try
        {
            File.Move(temporary, file, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(file))
        {
            // The other host was faster; its key is read next.
        }
    }

    private static string TemporaryOf(string file) => $"{file}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";

    private static FileStream Create(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        return new FileStream(file, options);
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsOwn(string directory)
    {
        if (OperatingSystem.IsLinux())
        {
            return StatX(AtCurrentDirectory, directory, 0, StatUserId, out var status) == 0 && status.UserId == EffectiveUserId();
        }

        // Only the owner may change the mode, so changing nothing tells.
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory));
        return true;
    }

    private const int AtCurrentDirectory = -100;
    private const uint StatUserId = 0x8;

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, out FileStatus status);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string link);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();

    // The kernel's statx: the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(20)]
        public uint UserId;
    }
}
