using System.Diagnostics;
using System.Globalization;
using Luminarys.Skills.Packages;
using Luminarys.Skills.Trust;

namespace Luminarys.Skills.Tests.Packages;

/// <summary>
/// Hands random and mutated files to the package reader for LUMINARYS_FUZZ_SECONDS, half of them with the signature unchecked, so that the parts behind it are reached: as
/// they are by the packages of any key.
/// </summary>
public sealed class PackageFuzzTests(ITestOutputHelper output)
{
    private static readonly TrustDefences s_unsigned = new() { ChecksSignatures = false, ChecksDigests = false };

    [Fact]
    public void K1_Read_AnyBytes_GetAVerdict()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var good = Samples.File();
        var limit = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("LUMINARYS_FUZZ_SECONDS") ?? "1", CultureInfo.InvariantCulture));
        var watch = Stopwatch.StartNew();
        long runs = 0, read = 0;
        for (; watch.Elapsed < limit; runs++)
        {
            var file = Mutate(random, good);
            try
            {
                Assert.True(file.AsSpan().SequenceEqual(good) || !SkillPackageReader.Read(file).IsSuccess, "a changed file was read");
                read += SkillPackageReader.Read(file, s_unsigned).IsSuccess ? 1 : 0;
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}, run {runs}: {exception.GetType().Name}: {exception.Message}\n{Convert.ToHexString(file)}\n{exception.StackTrace}");
            }
        }

        output.WriteLine($"{runs} files, {read} of them read without the signature, seed {seed}");
        Assert.True(read > 0, "no mutated file reached the sections");
    }

    private static byte[] Mutate(Random random, byte[] good)
    {
        var file = new List<byte>(good);
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(file.Count);
            switch (random.Next(4))
            {
                case 0: file[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: file[at] = (byte)(random.Next(2) * 255); break;
                case 2: file.RemoveRange(at, Math.Min(random.Next(9), file.Count - at)); break;
                default: file.InsertRange(at, new byte[random.Next(9)]); break;
            }

            if (file.Count == 0)
            {
                break;
            }
        }

        return [.. file];
    }
}
