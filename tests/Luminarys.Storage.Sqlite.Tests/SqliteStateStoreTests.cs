using Luminarys.Contracts;
using Luminarys.Ports;
using Luminarys.State;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Luminarys.Storage.Sqlite.Tests;

public sealed class SqliteStateStoreTests : StateStoreContract
{
    private static readonly StateKey s_key = new(new("skill"), new("com.example.one"));

    private readonly string _directory = Directory.CreateTempSubdirectory("lm-sqlite-").FullName;

    private string DatabasePath => Path.Combine(_directory, "made", "states.db");

    protected override IStateStore Open() => new SqliteStateStore(DatabasePath);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Everything_StoreReopened_IsStillThere()
    {
        var schedule = await SaveEverythingAsync();
        await Store.DisposeAsync();

        await using var reopened = new SqliteStateStore(DatabasePath);

        await ExpectEverythingAsync(reopened, schedule);
    }

    // A process that is killed leaves the file and its log as they are at that moment.
    [Fact]
    public async Task Everything_ProcessKilled_IsStillThere()
    {
        var schedule = await SaveEverythingAsync();
        var left = Path.Combine(_directory, "left.db");
        File.Copy(DatabasePath, left);
        File.Copy($"{DatabasePath}-wal", $"{left}-wal");

        await using var reopened = new SqliteStateStore(left);

        await ExpectEverythingAsync(reopened, schedule);
    }

    // The log's last transaction is cut in the middle, as by a power failure: what was saved before it stays.
    [Fact]
    public async Task SaveStateAsync_LogCutOff_KeepsTheStateBefore()
    {
        await Store.SaveStateAsync(s_key, Bytes("before"), Token);
        var whole = new FileInfo($"{DatabasePath}-wal").Length;
        await Store.SaveStateAsync(s_key, new byte[20_000], Token);
        var left = Path.Combine(_directory, "left.db");
        File.Copy(DatabasePath, left);
        var log = await ReadSharedAsync($"{DatabasePath}-wal");
        await File.WriteAllBytesAsync($"{left}-wal", log.AsMemory(0, (int)whole + 5000), Token);

        await using var reopened = new SqliteStateStore(left);

        Assert.Equal("before", Text(await reopened.FindStateAsync(s_key, Token)));
    }

    [Fact]
    public void Open_WritesAheadAndFlushesEachTransaction()
    {
        var store = (SqliteStateStore)Store;

        Assert.Equal("wal", store.ReadSetting("journal_mode"));
        Assert.Equal(2L, store.ReadSetting("synchronous"));
    }

    [Fact]
    public async Task Open_File_IsForThisUserAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes");
        await Store.SaveStateAsync(s_key, Bytes("secret"), Token);

        Assert.All(Directory.GetFiles(Path.GetDirectoryName(DatabasePath)!), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new FileInfo(Path.GetDirectoryName(DatabasePath)!).UnixFileMode);
    }

    [Fact]
    public async Task Open_FileThatOthersCouldRead_IsTakenFromThem()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes");
        var path = Path.Combine(_directory, "open.db");
        await File.WriteAllBytesAsync(path, [], Token);

        await using var store = new SqliteStateStore(path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(path).UnixFileMode);
    }

    [Fact]
    public void Open_Text_SaysThatItIsNoDatabase()
    {
        var path = Path.Combine(_directory, "text.db");
        File.WriteAllText(path, string.Concat(Enumerable.Repeat("this is not a database\n", 100)));

        Assert.Equal($"The database '{path}' is no database.", Assert.Throws<IOException>(() => new SqliteStateStore(path)).Message);
        Assert.StartsWith("this is not", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_DamagedPages_SaysSo()
    {
        await Store.SaveStateAsync(s_key, new byte[100_000], Token);
        await Store.DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(DatabasePath, Token);
        bytes.AsSpan(4096, 3 * 4096).Fill(0xA5);
        await File.WriteAllBytesAsync(DatabasePath, bytes, Token);

        Assert.Equal($"The database '{DatabasePath}' is damaged.", Assert.Throws<IOException>(() => new SqliteStateStore(DatabasePath)).Message);
    }

    [Fact]
    public void Open_DatabaseOfAnotherProgram_IsLeftAlone()
    {
        var path = Path.Combine(_directory, "other.db");
        Execute(path, "CREATE TABLE theirs (id INTEGER)");

        Assert.Equal($"The database '{path}' belongs to another program.", Assert.Throws<IOException>(() => new SqliteStateStore(path)).Message);
        Execute(path, "INSERT INTO theirs VALUES (1)");
    }

    [Fact]
    public async Task Open_LaterVersion_SaysWhichOne()
    {
        await Store.DisposeAsync();
        Execute(DatabasePath, "UPDATE schema_version SET version = 7");

        Assert.Equal(
            $"The database '{DatabasePath}' has schema version 7; this program knows 2.", Assert.Throws<IOException>(() => new SqliteStateStore(DatabasePath)).Message);
    }

    [Fact]
    public async Task KeepSchedulesOfAsync_TwoNodesOnOneFile_KeepEachOthers()
    {
        var path = Path.Combine(_directory, "shared.db");
        await using var one = new SqliteStateStore(path, "one");
        await using var two = new SqliteStateStore(path, "two");
        var (first, second) = (Due(1, "first"), Due(2, "second"));
        await one.AddScheduleAsync(first, Token);
        await two.AddScheduleAsync(second, Token);

        await one.KeepSchedulesOfAsync([], Token);
        await two.KeepSchedulesOfAsync([new("skill")], Token);

        Assert.Empty(await one.ReadSchedulesAsync(new("skill"), Token));
        Assert.Equal(second.Id, Assert.Single(await two.ReadSchedulesAsync(new("skill"), Token)).Id);
    }

    [Fact]
    public async Task ReadSchedulesAsync_TwoNodesOnOneFile_RunsOnlyItsOwn()
    {
        var path = Path.Combine(_directory, "shared.db");
        await using var one = new SqliteStateStore(path, "one");
        await using var two = new SqliteStateStore(path, "two");
        await one.AddScheduleAsync(Due(1, "mine"), Token);
        await one.SaveStateAsync(s_key, Bytes("shared"), Token);

        Assert.Empty(await two.ReadSchedulesAsync(new("skill"), Token));
        Assert.Equal("shared", Text(await two.FindStateAsync(s_key, Token)));
    }

    [Fact]
    public async Task Open_FirstVersion_GivesItsSchedulesToTheNodeThatOpensIt()
    {
        var path = Path.Combine(_directory, "old.db");
        Execute(
            path,
            """
            PRAGMA application_id = 1280136020;
            CREATE TABLE schema_version (version INTEGER NOT NULL);
            INSERT INTO schema_version VALUES (1);
            CREATE TABLE state (skill TEXT NOT NULL, package TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (skill, package));
            CREATE TABLE value (scope TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (scope, key));
            CREATE TABLE schedule (id BLOB PRIMARY KEY, skill TEXT NOT NULL, method TEXT NOT NULL, payload BLOB NOT NULL, due INTEGER NOT NULL);
            CREATE INDEX schedule_of_skill ON schedule (skill, due, id);
            INSERT INTO schedule VALUES (X'00112233445566778899AABBCCDDEEFF', 'skill', 'method', X'', 1);
            """);

        await using (var store = new SqliteStateStore(path, "one"))
        {
            Assert.Equal("method", Assert.Single(await store.ReadSchedulesAsync(new("skill"), Token)).Method);
            await store.SaveMarkAsync("name", "value", Token);
            Assert.Equal("value", await store.FindMarkAsync("name", Token));
        }

        await using var two = new SqliteStateStore(path, "two");
        await using var one = new SqliteStateStore(path, "one");
        Assert.Empty(await two.ReadSchedulesAsync(new("skill"), Token));
        Assert.Single(await one.ReadSchedulesAsync(new("skill"), Token));
    }

    [Fact]
    public void Open_DirectoryInItsPlace_IsAnIOException()
    {
        var path = Directory.CreateDirectory(Path.Combine(_directory, "directory.db")).FullName;

        Assert.Contains(path, Assert.Throws<IOException>(() => new SqliteStateStore(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaveStateAsync_Cancelled_SavesNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.SaveStateAsync(s_key, Bytes("late"), new CancellationToken(canceled: true)));

        Assert.True((await Store.FindStateAsync(s_key, Token)).IsEmpty);
    }

    [Fact]
    public async Task AddSqliteStateStore_ReplacesAnotherStore()
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IStateStore>(new MemoryStateStore())
            .AddSqliteStateStore(options => (options.Path, options.Node) = (Path.Combine(_directory, "di.db"), "node"))
            .BuildServiceProvider();

        Assert.IsType<SqliteStateStore>(services.GetRequiredService<IStateStore>());
        Assert.True(File.Exists(Path.Combine(_directory, "di.db")));
    }

    [Fact]
    public async Task AddSqliteStateStore_NoPath_IsRefused()
    {
        await using var services = new ServiceCollection().AddSqliteStateStore(_ => { }).BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStateStore>);
    }

    private async Task<Schedule> SaveEverythingAsync()
    {
        var schedule = Due(1, "method");
        await Store.SaveStateAsync(s_key, Bytes("state"), Token);
        await Store.SaveValueAsync(new("", "key"), Bytes("value"), 100, Token);
        await Store.AddScheduleAsync(schedule, Token);
        return schedule;
    }

    private static async Task ExpectEverythingAsync(SqliteStateStore store, Schedule schedule)
    {
        Assert.Equal("state", Text(await store.FindStateAsync(s_key, Token)));
        Assert.Equal("value", Text((await store.FindValueAsync(new("", "key"), Token))!.Value));
        var read = Assert.Single(await store.ReadSchedulesAsync(new("skill"), Token));
        Assert.Equal((schedule.Id, schedule.Method, schedule.Due), (read.Id, read.Method, read.Due));
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, Token);
        return bytes;
    }

    private static void Execute(string path, string statement)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
