using System.Globalization;
using System.Security.Cryptography;
using NATS.Client.Core;

namespace RelayThroughput;

/// <summary>
/// A file as NATS messages of 128 KiB, with the same hash and the same disk writes, not encrypted. The source keeps at most a window of messages
/// ahead of the sink, which acknowledges every eighth of it. Without one the server drops a slow subscriber.
/// </summary>
internal static class NatsEnds
{
    private const int Block = 128 * 1024;

    public static async Task SendAsync(Job job, int window)
    {
        await using var connection = new NatsConnection(Options(job, window));
        await connection.ConnectAsync();
        await using var answers = await connection.SubscribeCoreAsync<string>($"bench.{job.Number}.ack");
        await connection.PingAsync();
        using var file = File.OpenHandle(job.Path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[Block];
        var taken = 0L;
        for (var offset = 0L; offset < job.Length;)
        {
            var count = RandomAccess.Read(file, block, offset);
            hash.AppendData(block, 0, count);
            offset += count;
            while (offset - taken > (long)window * Block)
            {
                taken = await AnswerAsync(answers);
            }

            await connection.PublishAsync($"bench.{job.Number}.data", block.AsMemory(0, count));
        }

        await connection.PublishAsync($"bench.{job.Number}.data", hash.GetHashAndReset());
        while (taken <= job.Length)
        {
            taken = await AnswerAsync(answers);
        }
    }

    public static async Task TakeAsync(Job job, int window, Action<int> listens)
    {
        await using var connection = new NatsConnection(Options(job, window));
        await connection.ConnectAsync();
        await using var parts = await connection.SubscribeCoreAsync<NatsMemoryOwner<byte>>($"bench.{job.Number}.data");
        await connection.PingAsync();
        listens(job.Port);
        using var target = new FloorFile(job);
        var acknowledged = 0L;
        await foreach (var part in parts.Msgs.ReadAllAsync())
        {
            using var owner = part.Data;
            if (target.Length == job.Length)
            {
                target.Commit(owner.Span);
                await connection.PublishAsync($"bench.{job.Number}.ack", Text(job.Length + 1));
                await connection.PingAsync();
                return;
            }

            target.Take(owner.Span);
            if (target.Length - acknowledged >= (long)window * Block / 8)
            {
                acknowledged = target.Length;
                await connection.PublishAsync($"bench.{job.Number}.ack", Text(acknowledged));
            }
        }
    }

    private static NatsOpts Options(Job job, int window) => NatsOpts.Default with
    {
        Url = $"nats://127.0.0.1:{job.Port}",
        WriterBufferSize = 1024 * 1024,
        ReaderBufferSize = 1024 * 1024,
        SubPendingChannelCapacity = 2 * window,
    };

    private static async Task<long> AnswerAsync(INatsSub<string> answers) => long.Parse((await answers.Msgs.ReadAsync()).Data!, CultureInfo.InvariantCulture);

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
