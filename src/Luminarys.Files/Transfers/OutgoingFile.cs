using System.Buffers.Binary;
using System.Security.Cryptography;
using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Transfers;

/// <summary>A file that is read for a transfer, always through the one handle that was judged.</summary>
internal sealed class OutgoingFile : IOutgoingFile
{
    private readonly SafeFileHandle _handle;

    private OutgoingFile(SafeFileHandle handle, in FileStatus status) =>
        (_handle, Length, Mode, Fingerprint) = (handle, status.Length, status.Mode, DigestOf(status));

    public long Length { get; }

    public UInt128 Fingerprint { get; }

    public UnixFileMode Mode { get; }

    public bool IsUnchanged => Handles.Stat(_handle, out var status) == Errno.None && DigestOf(status) == Fingerprint;

    /// <summary>Takes a judged file over.</summary>
    public static FileResult<IOutgoingFile> Open(OpenedFile file, string path)
    {
        using (file)
        {
            if (file.IsDirectory)
            {
                return FileFaultMap.From(Errno.IsDirectory, path);
            }

            var reopened = file.Reopen(OpenFlags.ReadOnly, path);
            if (!reopened.IsSuccess)
            {
                return reopened.Fault;
            }

            // From the handle that is read: the name may stand for another file by now.
            var errno = Handles.Stat(reopened.Value, out var status);
            if (errno == Errno.None)
            {
                CrashPoints.Pass("source-opened");
                return new OutgoingFile(reopened.Value, status);
            }

            reopened.Value.Dispose();
            return FileFaultMap.From(errno, path);
        }
    }

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(_handle, buffer, offset);

    public void Dispose() => _handle.Dispose();

    private static UInt128 DigestOf(in FileStatus status)
    {
        Span<byte> fields = stackalloc byte[5 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(fields, status.Device);
        BinaryPrimitives.WriteUInt64BigEndian(fields[8..], status.Inode);
        BinaryPrimitives.WriteInt64BigEndian(fields[16..], status.Length);
        BinaryPrimitives.WriteInt64BigEndian(fields[24..], status.ModifiedStamp);
        BinaryPrimitives.WriteInt64BigEndian(fields[32..], status.ChangedStamp);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(fields, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
