using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Skills;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Runtime.Wasm.Engine;

public sealed class SkillInboxTests : IDisposable
{
    private readonly string _root = Path.Combine(Directory.CreateTempSubdirectory("luminarys-test-").FullName, "inbox");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private Manifest Manifest { get; } = new(new SkillId("reader"), "", "/reader.wasm");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_root)!, recursive: true);

    [Fact]
    public void Grant_WithAnInbox_AddsItsOwnDirectoryToReadAndNothingElse()
    {
        var grant = Assert.Single(SkillInbox.Grant(Manifest, _root, _time).Directories);

        Assert.Equal(new DirectoryGrant(Path.Combine(_root, "reader"), AccessMode.ReadOnly) { IsImplied = true }, grant);
        Assert.Empty(SkillInbox.Grant(Manifest, null, _time).Directories);
    }

    [Fact]
    public void Open_OfALoadedSkill_GivesANewPrivateDirectoryEachTime()
    {
        SkillInbox.Grant(Manifest, _root, _time);
        var inbox = new SkillInbox(Options.Create(new WasmRuntimeOptions { InboxDirectory = _root }));

        var first = inbox.Open(new("reader"))!;
        var second = inbox.Open(new("reader"))!;

        Assert.NotEqual(first, second);
        Assert.Equal(Path.Combine(_root, "reader"), Path.GetDirectoryName(first));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(first) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.Null(inbox.Open(new("other")));
    }

    [Fact]
    public void Grant_OfWhatAnEarlierProcessLeft_DeletesItAfterAnHour()
    {
        SkillInbox.Grant(Manifest, _root, _time);
        var left = Directory.CreateDirectory(Path.Combine(_root, "reader", "left")).FullName;

        SkillInbox.Grant(Manifest, _root, _time);
        Assert.True(Directory.Exists(left));
        _time.Advance(TimeSpan.FromMinutes(61));
        SkillInbox.Grant(Manifest, _root, _time);

        Assert.False(Directory.Exists(left));
    }
}
