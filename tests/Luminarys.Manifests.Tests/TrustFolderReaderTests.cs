using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Luminarys.Trust;

namespace Luminarys.Manifests.Tests;

public sealed class TrustFolderReaderTests(ITestOutputHelper output) : IDisposable
{
    private static readonly byte[] s_point = [4, .. Enumerable.Range(0, 64).Select(number => (byte)number)];
    private static readonly KeyId s_id = KeyId.Of(s_point);
    private static readonly string s_key = Convert.ToBase64String(s_point);
    private static readonly string s_signature = Convert.ToBase64String(new byte[64]);
    private static readonly string s_record = $"name: Example\npublic_key: {s_key}\nprefixes: [com.example, org.example.*]\n";
    private static readonly string s_list = $"number: 7\nexpires: 2026-12-31T23:59:59Z\nkeys: [{s_id}]\nsignature: {{ key: {s_id}, value: {s_signature} }}\n";

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task ReadAsync_FolderThatIsNotThere_HoldsNothing()
    {
        var folder = await new TrustFolderReader(Path.Combine(_directory.FullPath, "none")).ReadAsync(TestContext.Current.CancellationToken);

        Assert.Empty(folder.Problems);
        Assert.Empty(folder.Keys);
        Assert.False(folder.IsRevocationListBroken);
    }

    [Fact]
    public async Task ReadAsync_ShortRecord_IsTheOperatorsActiveKey()
    {
        var record = Assert.Single((await ReadAsync(s_record)).Keys);

        Assert.Equal((s_id, "Example", KeyStatus.Active, false), (record.Id, record.Name, record.Status, record.IsDelegate));
        Assert.Equal(["com.example", "org.example.*"], record.Prefixes);
        Assert.Equal(s_point, record.PublicKey.ToArray());
        Assert.Null(record.Voucher);
        Assert.Null(record.ValidFrom);
    }

    [Fact]
    public async Task ReadAsync_FullRecord_IsReadWhole()
    {
        var text = $"{s_record}valid_from: 2026-01-01T00:00:00Z\nvalid_to: 2026-12-31T23:59:59+02:00\nstatus: retired\ndelegate: true\n"
            + $"signature:\n  key: {s_id}\n  value: {s_signature}\n";

        var record = Assert.Single((await ReadAsync(text)).Keys);

        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), record.ValidFrom);
        Assert.Equal(new DateTimeOffset(2026, 12, 31, 21, 59, 59, TimeSpan.Zero), record.ValidTo);
        Assert.Equal((KeyStatus.Retired, true, s_id), (record.Status, record.IsDelegate, record.Voucher!.Key));
        Assert.Equal(64, record.Voucher.Signature.Length);
    }

    [Theory]
    [InlineData("name: Example", "", "name", "missing")]
    [InlineData("prefixes: [com.example, org.example.*]", "", "prefixes", "name 1 to 256 prefixes")]
    [InlineData("com.example,", "'com.*.x',", "prefixes", "is not a prefix")]
    [InlineData("com.example,", "'com..x',", "prefixes", "is not a prefix")]
    [InlineData("com.example,", "'com/x',", "prefixes", "is not a prefix")]
    [InlineData("public_key: ", "public_key: AA", "public_key", "is not a public key")]
    [InlineData("public_key: BA", "public_key: AA", "public_key", "is not a public key")]
    [InlineData("public_key: BAAB", "public_key: BAAC", "public_key", "the file has not the name of this key: name it ")]
    [InlineData("name: Example", "name: Example\nvalid_too: 2026-01-01T00:00:00Z", "valid_too", "did you mean 'valid_to'?")]
    [InlineData("name: Example", "name: Example\nvalid_to: 2026-01-01", "valid_to", "is not a time: write it as 2026-12-31T23:59:59Z")]
    [InlineData("name: Example", "name: Example\nvalid_from: 2026-01-02T00:00:00Z\nvalid_to: 2026-01-01T00:00:00Z", "valid_to", "lies before valid_from")]
    [InlineData("name: Example", "name: Example\nstatus: revokd", "status", "is not one of active, retired, revoked")]
    [InlineData("name: Example", "name: Example\ndelegate: yes", "delegate", "is not a switch")]
    [InlineData("name: Example", "name: Example\nsignature:", "signature.key", "missing: name the key that signed")]
    [InlineData("name: Example", "name: Example\nsignature: { key: abc, value: abc }", "signature.key", "is not a key id")]
    [InlineData("name: Example", "name: Example\nsignature: { key: abc, value: abc }", "signature.value", "is not a signature")]
    [InlineData("name: Example", "name: Example\nname: Other", "", "is there twice")]
    [InlineData("name: Example", "name: [", "", "")]
    public async Task K1_ReadAsync_MistakeInARecord_IsNamedAndBreaksTheKey(string part, string instead, string key, string message)
    {
        Assert.Contains(part, s_record, StringComparison.Ordinal);

        var folder = await ReadAsync(s_record.Replace(part, instead, StringComparison.Ordinal));

        Assert.Empty(folder.Keys);
        Assert.Contains(s_id, folder.BrokenKeys);
        Assert.Contains(folder.Problems, problem => problem.Severity == ConfigurationSeverity.Error && problem.Line > 0 && problem.Key == key
            && problem.File.EndsWith($"{s_id}.yaml", StringComparison.Ordinal) && problem.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadAsync_RecordUnderAnotherName_IsNotUsed()
    {
        foreach (var name in new[] { "example.yaml", $"{s_id.Hex.ToUpperInvariant()}.yaml" })
        {
            var file = _directory.Write(name, s_record);
            var folder = await ReadAsync();
            Assert.Empty(folder.Keys);
            Assert.Contains($"name it {s_id}.yaml", Assert.Single(folder.Problems).Message, StringComparison.Ordinal);
            Assert.Contains(s_id, folder.BrokenKeys);
            File.Delete(file);
        }
    }

    [Fact]
    public async Task ReadAsync_LinkToNothing_IsAProblemAndHidesNothing()
    {
        _directory.Write($"{s_id}.yaml", s_record);
        File.CreateSymbolicLink(_directory.Write($"{new string('0', 64)}.yaml", "") + ".lock.yaml", "nowhere");

        var folder = await ReadAsync();

        Assert.Single(folder.Keys);
        Assert.Contains(folder.Problems, problem => problem.File.EndsWith(".lock.yaml", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadAsync_DirectoryInPlaceOfTheList_IsABrokenList()
    {
        Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_directory.Write($"{s_id}.yaml", s_record))!, "revocations.yaml"));

        var folder = await ReadAsync();

        Assert.True(folder.IsRevocationListBroken);
        Assert.Contains(folder.Problems, problem => problem.Message.Contains("directory", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadAsync_GoodList_IsRead()
    {
        _directory.Write("revocations.yaml", s_list);

        var folder = await ReadAsync();

        Assert.Empty(folder.Problems);
        Assert.False(folder.IsRevocationListBroken);
        Assert.Equal((7, s_id), (folder.Revocations!.Number, folder.Revocations.Voucher.Key));
        Assert.Equal([s_id], folder.Revocations.Keys);
    }

    [Theory]
    [InlineData("number: 7", "", "number")]
    [InlineData("number: 7", "number: -1", "number")]
    [InlineData("expires: 2026-12-31T23:59:59Z", "", "expires")]
    [InlineData("keys: [", "kees: [", "keys")]
    [InlineData("keys: [", "keys: [abc, ", "keys")]
    [InlineData("signature:", "signatur:", "signature")]
    public async Task K1_ReadAsync_MistakeInTheList_IsNamedAndTheListIsBroken(string part, string instead, string key)
    {
        _directory.Write("revocations.yaml", s_list.Replace(part, instead, StringComparison.Ordinal));

        var folder = await ReadAsync();

        Assert.Null(folder.Revocations);
        Assert.True(folder.IsRevocationListBroken);
        Assert.Contains(folder.Problems, problem => problem.Severity == ConfigurationSeverity.Error && problem.Key == key);
    }

    [Fact]
    public async Task K1_ReadAsync_FolderThatIsAFile_CannotBeTrusted()
    {
        var file = _directory.Write("trust", "");

        var folder = await new TrustFolderReader(file).ReadAsync(TestContext.Current.CancellationToken);

        Assert.True(folder.IsRevocationListBroken);
        Assert.Contains("cannot be read", Assert.Single(folder.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task ReadAsync_FileThatOthersMayWriteOrWithAnotherEnding_IsAWarning()
    {
        var file = _directory.Write($"{s_id}.yaml", s_record);
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherWrite);
        _directory.Write("other.yml", s_record);

        var folder = await ReadAsync();

        Assert.Single(folder.Keys);
        Assert.All(folder.Problems, problem => Assert.Equal(ConfigurationSeverity.Warning, problem.Severity));
        Assert.Contains(folder.Problems, problem => problem.Message.Contains("chmod go-w", StringComparison.Ordinal));
        Assert.Contains(folder.Problems, problem => problem.File.EndsWith("other.yml", StringComparison.Ordinal));
    }

    /// <summary>For LUMINARYS_FUZZ_SECONDS: no file makes the reader throw, and none is both used and at fault.</summary>
    [Fact]
    public async Task K1_ReadAsync_AnyFile_GetsAVerdict()
    {
        string[] seeds = [s_record, $"{s_record}status: revoked\ndelegate: true\nsignature: {{ key: {s_id}, value: {s_signature} }}\n", s_list];
        string[] splices = ["&a ", "*a", "[", "]", "{", "}", "- ", ": ", "? ", "\n", "\t", "|", "!!str ", "---\n", "<<: *a\n", "${X:-", "\"", "'", "\0", "\u2028", "~", "null", "#", "9", "=", "Z"];
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var limit = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("LUMINARYS_FUZZ_SECONDS") ?? "1", CultureInfo.InvariantCulture));
        var watch = Stopwatch.StartNew();
        long runs = 0, used = 0;
        for (; watch.Elapsed < limit; runs++)
        {
            var text = new StringBuilder(seeds[random.Next(seeds.Length)]);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var at = random.Next(text.Length);
                text.Remove(at, Math.Min(random.Next(4), text.Length - at)).Insert(at, splices[random.Next(splices.Length)]);
            }

            var isList = random.Next(2) == 0;
            var file = _directory.Write(isList ? "revocations.yaml" : $"{s_id}.yaml", text.ToString());
            var folder = await ReadAsync();
            var isUsed = isList ? folder.Revocations is not null : folder.Keys.Length == 1;
            var isBroken = isList ? folder.IsRevocationListBroken : folder.BrokenKeys.Contains(s_id);
            var hasError = folder.Problems.Any(problem => problem.Severity == ConfigurationSeverity.Error);
            Assert.True(isUsed != isBroken && isBroken == hasError, $"seed {seed}, run {runs}: {text}");
            used += isUsed ? 1 : 0;
            File.Delete(file);
        }

        output.WriteLine($"{runs} files, {used} of them used, seed {seed}");
    }

    public void Dispose() => _directory.Dispose();

    private ValueTask<TrustFolder> ReadAsync(string record)
    {
        _directory.Write($"{s_id}.yaml", record);
        return ReadAsync();
    }

    private ValueTask<TrustFolder> ReadAsync() => new TrustFolderReader(_directory.FullPath).ReadAsync(TestContext.Current.CancellationToken);
}
