using System.Buffers;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Answers of the three HTTP functions: every key always, lists never nil, bytes as bin.</summary>
internal static class HttpAnswers
{
    public static void Write(IBufferWriter<byte> target, HttpAnswer answer)
    {
        var writer = new MessagePackWriter(target);
        writer.WriteMapHeader(5);
        writer.WriteString("status"u8);
        writer.Write(answer.Status);
        writer.WriteString("headers"u8);
        writer.WriteArrayHeader(answer.Headers.Length);
        foreach (var header in answer.Headers)
        {
            writer.WriteMapHeader(2);
            writer.WriteString("name"u8);
            writer.Write(header.Name);
            writer.WriteString("value"u8);
            writer.Write(header.Value);
        }

        writer.WriteString("cookies"u8);
        writer.WriteArrayHeader(answer.Cookies.Length);
        foreach (var cookie in answer.Cookies)
        {
            WriteCookie(ref writer, cookie);
        }

        writer.WriteString("body"u8);
        writer.Write(answer.Body.Span);
        writer.WriteString("truncated"u8);
        writer.Write(answer.IsTruncated);
        writer.Flush();
    }

    private static void WriteCookie(ref MessagePackWriter writer, ServerCookie cookie)
    {
        writer.WriteMapHeader(7);
        writer.WriteString("name"u8);
        writer.Write(cookie.Name);
        writer.WriteString("value"u8);
        writer.Write(cookie.Value);
        writer.WriteString("domain"u8);
        writer.Write(cookie.Domain);
        writer.WriteString("path"u8);
        writer.Write(cookie.Path);
        writer.WriteString("expires"u8);
        writer.Write(cookie.Expires);
        writer.WriteString("secure"u8);
        writer.Write(cookie.IsSecure);
        writer.WriteString("httponly"u8);
        writer.Write(cookie.IsHttpOnly);
    }
}
