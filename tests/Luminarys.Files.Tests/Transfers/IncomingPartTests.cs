using System.Security.Cryptography;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Files.Tests.Transfers;

public sealed class IncomingPartTests
{
    private static readonly byte[] s_content = [.. "the whole file"u8];
    private static readonly ContentHash s_hash = ContentHash.Read(SHA256.HashData(s_content));

    [Fact]
    public void T1_WholeFile_AppearsAtTheCommitAndNotBefore()
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        var path = tree.PathOf("inside/deep/er/file.bin");
        using (var part = Open(files, path))
        {
            Assert.Null(part.Write(s_content, 0));
            Assert.Null(part.Flush(s_content.Length));
            Assert.False(File.Exists(path));

            Assert.Null(part.Commit(s_hash));
        }

        Assert.Equal(s_content, File.ReadAllBytes(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(path));
        Assert.DoesNotContain(Staged(tree), name => name.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void T1_OlderFile_StaysWholeUntilTheCommit()
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        var path = tree.Write("inside/file.bin", "old");
        using var part = Open(files, path);
        Assert.Null(part.Write(s_content, 0));
        Assert.Equal("old", File.ReadAllText(path));

        Assert.Null(part.Commit(s_hash));

        Assert.Equal(s_content, File.ReadAllBytes(path));
    }

    [Fact]
    public void T2_HostThatDied_FindsWhatWasFlushedAndNothingElse()
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        var path = tree.PathOf("inside/file.bin");
        using (var part = Open(files, path))
        {
            Assert.Null(part.Write(s_content.AsSpan(0, 5), 0));
            Assert.Null(part.Flush(5));
            Assert.Null(part.Write(s_content.AsSpan(5, 4), 5));
        }

        using var again = Open(files, path, transfer: 2);

        Assert.Equal(5, again.Durable);
        var there = new byte[20];
        Assert.Equal(5, again.Read(there, 0));
        Assert.Equal(s_content.AsSpan(0, 5), there.AsSpan(0, 5));
        Assert.Null(again.Write(s_content.AsSpan(5), 5));
        Assert.Null(again.Commit(s_hash));
        Assert.Equal(s_content, File.ReadAllBytes(path));
    }

    [Fact]
    public void T2_HostThatDiedAfterItSetAModeThatForbidsWriting_GoesOnAllTheSame() => TestLibc.BoundByModes(() =>
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        var path = tree.PathOf("inside/file.bin");
        using (var part = Open(files, path))
        {
            Assert.Null(part.Write(s_content, 0));
            Assert.Null(part.Flush(s_content.Length));
        }

        var left = Directory.GetFiles(tree.PathOf("inside/.lm-staging"), "*.part").Single();
        File.SetUnixFileMode(left, UnixFileMode.OtherRead);
        Assert.Throws<UnauthorizedAccessException>(() => File.ReadAllBytes(left));

        using var again = Open(files, path);

        Assert.Equal(s_content.Length, again.Durable);
        Assert.Null(again.Commit(s_hash));
        Assert.Equal(s_content, File.ReadAllBytes(path));
    });

    [Fact]
    public void T4_WhatIsLeftOfAnotherFile_IsNotUsed()
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        var path = tree.PathOf("inside/file.bin");
        using (var part = Open(files, path, origin: 1))
        {
            Assert.Null(part.Write(s_content.AsSpan(0, 5), 0));
            Assert.Null(part.Flush(5));
        }

        using var other = Open(files, path, origin: 2);

        Assert.Equal(0, other.Durable);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(33)]
    [InlineData(80)]
    public void T2_NoteWithAnAlteredByte_IsNotBelieved(int at)
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        var path = tree.PathOf("inside/file.bin");
        using (var part = Open(files, path))
        {
            Assert.Null(part.Write(s_content.AsSpan(0, 5), 0));
            Assert.Null(part.Flush(5));
        }

        var note = Directory.GetFiles(tree.PathOf("inside/.lm-staging"), "*.note").Single();
        var bytes = File.ReadAllBytes(note);
        bytes[at] ^= 1;
        File.WriteAllBytes(note, bytes);

        using var again = Open(files, path);

        Assert.Equal(0, again.Durable);
    }

    [Fact]
    public void T2_PartShorterThanItsNote_BeginsAnew()
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        var path = tree.PathOf("inside/file.bin");
        using (var part = Open(files, path))
        {
            Assert.Null(part.Write(s_content.AsSpan(0, 5), 0));
            Assert.Null(part.Flush(5));
        }

        using (var stream = File.OpenWrite(Directory.GetFiles(tree.PathOf("inside/.lm-staging"), "*.part").Single()))
        {
            stream.SetLength(2);
        }

        using var again = Open(files, path);

        Assert.Equal(0, again.Durable);
    }

    [Fact]
    public void T1_TransferThatWasCommitted_IsToldSoWhenItComesAgain()
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        var path = tree.PathOf("inside/file.bin");
        using (var part = Open(files, path))
        {
            Assert.Null(part.Write(s_content, 0));
            Assert.Null(part.Commit(s_hash));
        }

        using (var again = Open(files, path))
        {
            Assert.Equal(s_hash, again.Committed);
        }

        using var other = Open(files, path, transfer: 2);
        Assert.Null(other.Committed);
    }

    [Fact]
    public void Open_WhileAnotherBringsTheSame_IsBusy()
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        var path = tree.PathOf("inside/file.bin");
        using var first = Open(files, path);

        Assert.Equal(FileError.Busy, files.OpenIncoming(path, Incoming()).Fault?.Error);
    }

    [Fact]
    public void Open_FileThatMustStay_IsRefusedAtOnceAndAtTheCommit()
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        var path = tree.PathOf("inside/file.bin");
        var incoming = Incoming() with { Overwrites = false };
        using var part = files.OpenIncoming(path, incoming).Value!;
        Assert.Null(part.Write(s_content, 0));
        tree.Write("inside/file.bin", "meanwhile");

        Assert.Equal(FileError.AlreadyExists, part.Commit(s_hash)?.Error);
        Assert.Equal("meanwhile", File.ReadAllText(path));
        Assert.Equal(FileError.AlreadyExists, files.OpenIncoming(path, incoming with { Origin = 9 }).Fault?.Error);
    }

    [Fact]
    public void T10_DiskWithoutRoom_IsToldBeforeAnyByte()
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);

        Assert.Equal(FileError.NoSpace, files.OpenIncoming(tree.PathOf("inside/file.bin"), Incoming() with { Length = long.MaxValue / 4 }).Fault?.Error);
        Assert.Empty(Staged(tree));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void T10_DiskThatOthersFill_IsRoomOfTheirsOnlyWhereNoneWasTakenAhead(bool isOn)
    {
        const int Length = 4 * 1024 * 1024;
        using var tree = new GrantedTree { Defences = new() { TakesRoomAhead = isOn } };
        Assert.SkipUnless(TestLibc.MountMemory(tree.Inside, "size=8m"), "mounting is for root");
        try
        {
            using var files = Grant(tree);
            var path = tree.Write("inside/file.bin", "old");
            using var part = files.OpenIncoming(path, Incoming() with { Length = Length }).Value!;
            Assert.Null(part.Restart());
            Fill(tree.PathOf("inside/others"));

            var fault = Enumerable.Range(0, 16).Select(piece => part.Write(new byte[Length / 16], piece * (Length / 16L))).FirstOrDefault(fault => fault is not null);

            Assert.Equal(isOn ? null : FileError.NoSpace, fault?.Error);
            Assert.Equal("old", File.ReadAllText(path));
            Assert.Equal(isOn ? null : FileError.NoSpace, fault is null ? part.Commit(ContentHash.Read(SHA256.HashData(new byte[Length])))?.Error : fault.Error);
            Assert.Equal(isOn ? Length : 3, new FileInfo(path).Length);
            part.Discard();
            Assert.Empty(Staged(tree));
        }
        finally
        {
            Assert.True(TestLibc.Unmount(tree.Inside));
        }
    }

    [Fact]
    public void T11_OutsideOfTheGrants_IsDenied()
    {
        using var tree = new GrantedTree();
        using var files = tree.Access().GrantTransfers([new(tree.Inside, Luminarys.Permissions.AccessMode.ReadOnly)], []);

        Assert.Equal(FileError.Denied, files.OpenIncoming(tree.PathOf("inside/file.bin"), Incoming()).Fault?.Error);
        Assert.Equal(FileError.Denied, files.OpenIncoming(tree.PathOf("outside/file.bin"), Incoming()).Fault?.Error);
        Assert.Equal(FileError.Denied, files.OpenOutgoing(tree.PathOf("outside/secret.txt")).Fault?.Error);
        Assert.Equal(FileError.InvalidPath, files.OpenOutgoing(tree.PathOf("inside/../outside/secret.txt")).Fault?.Error);
        Assert.Equal(FileError.InvalidPath, files.OpenOutgoing(tree.PathOf("inside/.lm-staging/x.part")).Fault?.Error);
    }

    [Fact]
    public void T1_DirectoryThatWasMovedOutOfTheGrant_GetsNoFile()
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        tree.Make("inside/sub");
        using var part = Open(files, tree.PathOf("inside/sub/file.bin"));
        Assert.Null(part.Write(s_content, 0));
        Directory.Move(tree.PathOf("inside/sub"), tree.PathOf("outside/sub"));

        Assert.NotNull(part.Commit(s_hash));
        Assert.False(File.Exists(tree.PathOf("outside/sub/file.bin")));
    }

    [Fact]
    public void T1_DirectoryThatWasRemoved_GetsNoFile()
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        tree.Make("inside/sub");
        using var part = Open(files, tree.PathOf("inside/sub/file.bin"));
        Assert.Null(part.Write(s_content, 0));
        Directory.Delete(tree.PathOf("inside/sub"));

        Assert.Equal(FileError.NotFound, part.Commit(s_hash)?.Error);
    }

    [Fact]
    public void Open_StageThatOthersMayWrite_IsDenied()
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        File.SetUnixFileMode(tree.Make("inside/.lm-staging"), (UnixFileMode)0x1FF);

        Assert.Equal(FileError.Denied, files.OpenIncoming(tree.PathOf("inside/file.bin"), Incoming()).Fault?.Error);
    }

    [Fact]
    public void T2_LeftoversOfYesterday_AreRemoved()
    {
        using var tree = new GrantedTree();
        using (var files = Grant(tree))
        using (var part = Open(files, tree.PathOf("inside/file.bin")))
        {
            Assert.Null(part.Write(s_content.AsSpan(0, 5), 0));
            Assert.Null(part.Flush(5));
        }

        using var later = new GrantedTreeClock(tree, TimeSpan.FromHours(23));
        Assert.Equal(2, Staged(tree).Length);
        using var muchLater = new GrantedTreeClock(tree, TimeSpan.FromHours(25));
        Assert.Empty(Staged(tree));
    }

    [Fact]
    public void Outgoing_FileThatChanges_IsNoticed()
    {
        using var tree = new GrantedTree();
        using var files = Grant(tree);
        var path = tree.Write("inside/file.bin", "before");
        using var file = files.OpenOutgoing(path).Value!;
        Assert.True(file.IsUnchanged);
        var buffer = new byte[10];
        Assert.Equal(6, file.Read(buffer, 0));
        Assert.Equal(0, file.Read(buffer, 6));

        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);

        Assert.False(file.IsUnchanged);
    }

    // All but a little, for the notes.
    private static void Fill(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        var block = new byte[64 * 1024];
        long offset = 0;
        try
        {
            for (; ; offset += block.Length)
            {
                RandomAccess.Write(file, block, offset);
            }
        }
        catch (IOException)
        {
            RandomAccess.SetLength(file, offset - block.Length);
        }
    }

    private static string[] Staged(GrantedTree tree) => Directory.GetFiles(tree.PathOf("inside/.lm-staging"));

    private static ITransferFiles Grant(GrantedTree tree) =>
        tree.Access().GrantTransfers([new(tree.Inside, Luminarys.Permissions.AccessMode.ReadWrite)], []);

    private static IncomingFile Incoming(UInt128 transfer = default, UInt128 origin = default) => new(
        transfer, origin, s_content.Length, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, Overwrites: true);

    private static IIncomingFile Open(ITransferFiles files, string path, UInt128 transfer = default, UInt128 origin = default)
    {
        var opened = files.OpenIncoming(path, Incoming(transfer, origin));
        Assert.Null(opened.Fault);
        return opened.Value!;
    }

    /// <summary>The tree's grants, opened again some time later.</summary>
    private sealed class GrantedTreeClock : IDisposable
    {
        private readonly ITransferFiles _files;

        public GrantedTreeClock(GrantedTree tree, TimeSpan later)
        {
            var access = new AnchoredFileAccess(
                Microsoft.Extensions.Options.Options.Create(tree.Options), new FakeTimeProvider(DateTimeOffset.UtcNow + later));
            _files = access.GrantTransfers([new(tree.Inside, Luminarys.Permissions.AccessMode.ReadWrite)], []);
        }

        public void Dispose() => _files.Dispose();
    }
}
