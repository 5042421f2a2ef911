using System.Diagnostics;
using System.Text;
using Luminarys.Permissions;
using Luminarys.Permissions.Commands;

namespace Luminarys.Core.Tests.Permissions.Commands;

/// <summary>Random and mutated lines for LUMINARYS_FUZZ_SECONDS, 1 without it. A failure prints its seed and line.</summary>
public sealed class CommandFuzzTests
{
    private static readonly string[] s_corpus =
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "corpus", "shell", "lines.txt")).Where(line => !line.StartsWith('#')).ToArray();

    [Fact]
    public void S9_TryParse_AnyLine_EndsSoonWithWordsOrAReason()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var seconds = double.TryParse(Environment.GetEnvironmentVariable("LUMINARYS_FUZZ_SECONDS"), out var wanted) ? wanted : 1;
        var rules = new CommandRules(new ShellPermission(["git **", "{a,b} *", "./**", "a [b-d] ?"], []));
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            var line = Mutate(s_corpus[random.Next(s_corpus.Length)], random);
            var start = clock.Elapsed;
            var isParsed = CommandLine.TryParse(line, out var arguments, out var fault);

            Assert.True(isParsed ? arguments.Length > 0 && fault is null : !string.IsNullOrEmpty(fault), $"seed {seed}: {line}");
            if (isParsed)
            {
                rules.Judge(arguments);
                Assert.True(CommandLine.TryParse(CommandLine.Format(arguments), out var again, out _) || arguments.Any(HoldsBreak), $"seed {seed}: {line}");
                Assert.True(again.IsDefaultOrEmpty || again.SequenceEqual(arguments), $"seed {seed}: {line}");
            }

            Assert.True(clock.Elapsed - start < TimeSpan.FromSeconds(1), $"seed {seed}: took too long: {line}");
        }
    }

    private static bool HoldsBreak(string word) => word.Contains('\0', StringComparison.Ordinal);

    private static string Mutate(string line, Random random)
    {
        const string Characters = "ab \\'\"&|;<>()$`\n\t\0*?[]{}/.-u0041\u00e9";
        var text = new StringBuilder(line);
        for (var left = random.Next(12); left > 0; left--)
        {
            var at = random.Next(text.Length + 1);
            switch (random.Next(3))
            {
                case 0:
                    text.Insert(at, Characters[random.Next(Characters.Length)]);
                    break;
                case 1 when at < text.Length:
                    text.Remove(at, 1);
                    break;
                default:
                    text.Append(s_corpus[random.Next(s_corpus.Length)]);
                    break;
            }
        }

        return text.ToString();
    }
}
