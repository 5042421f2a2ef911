using Microsoft.Extensions.Logging;

namespace Luminarys.Mcp;

/// <summary>Log messages of the MCP edge: event ids 4000 to 4999.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information, "Tool list changed: {ToolCount} tools, digest {Digest}")]
    public static partial void ToolListChanged(this ILogger logger, int toolCount, string digest);

    [LoggerMessage(4001, LogLevel.Warning, "Method {Method} of skill {Skill} was not published: {Reason}")]
    public static partial void ToolRefused(this ILogger logger, string skill, string method, string reason);

    [LoggerMessage(4002, LogLevel.Warning, "Tool {Tool} has a name of {Length} characters; some clients accept no more than {Limit}")]
    public static partial void ToolNameLong(this ILogger logger, string tool, int length, int limit);

    [LoggerMessage(4003, LogLevel.Error, "Tool name {Tool} was taken twice; the one of skill {Skill} was not published")]
    public static partial void ToolNameCollided(this ILogger logger, string tool, string skill);

    [LoggerMessage(4004, LogLevel.Warning, "Default of parameter {Parameter} of tool {Tool} was ignored: {Reason}")]
    public static partial void DefaultIgnored(this ILogger logger, string parameter, string tool, string reason);

    [LoggerMessage(4005, LogLevel.Warning, "Result of {Skill}.{Method} in call {CallId} could not be shown: {Reason}")]
    public static partial void ResultRefused(this ILogger logger, string skill, string method, string callId, string reason);

    [LoggerMessage(4006, LogLevel.Error, "Call {CallId} of tool {Tool} failed inside the host")]
    public static partial void CallFailed(this ILogger logger, Exception exception, string callId, string tool);

    [LoggerMessage(4007, LogLevel.Information, "Request from {RemoteAddress} was refused for its token: {Reason}")]
    public static partial void TokenRefused(this ILogger logger, string remoteAddress, string reason);

    [LoggerMessage(4008, LogLevel.Information, "Request from {RemoteAddress} was refused: {Reason}")]
    public static partial void RequestRefused(this ILogger logger, string remoteAddress, string reason);

    [LoggerMessage(4009, LogLevel.Warning, "The server was opened to the network without tokens: anyone who reaches it may call every tool")]
    public static partial void OpenToTheNetwork(this ILogger logger);

    [LoggerMessage(4010, LogLevel.Information, "Tool {Tool} was pinned to definition {Digest}")]
    public static partial void ToolPinned(this ILogger logger, string tool, string digest);

    [LoggerMessage(4011, LogLevel.Warning, "Tool {Tool} was withheld: its definition changed from {Pinned} to {Digest}; to approve it, delete its line in {File}")]
    public static partial void ToolWithheld(this ILogger logger, string tool, string pinned, string digest, string file);

    [LoggerMessage(4012, LogLevel.Warning, "Definition of tool {Tool} changed from {Before} to {Digest} although its package did not: its manifest was changed, or its node lies")]
    public static partial void ToolTextChanged(this ILogger logger, string tool, string before, string digest);

    [LoggerMessage(4013, LogLevel.Error, "Pin file {File} was not read, so no tool is published: {Reason}")]
    public static partial void PinFileUnreadable(this ILogger logger, string file, string reason);

    [LoggerMessage(4014, LogLevel.Error, "Pin file {File} was not written: {Reason}")]
    public static partial void PinFileUnwritable(this ILogger logger, string file, string reason);

    [LoggerMessage(4020, LogLevel.Information, "{Count} keys of issuer {Issuer} were fetched")]
    public static partial void KeysFetched(this ILogger logger, int count, string issuer);

    [LoggerMessage(4021, LogLevel.Warning, "The keys of issuer {Issuer} were not fetched, and {Consequence}: {Reason}")]
    public static partial void KeysNotFetched(this ILogger logger, string issuer, string consequence, string reason);

    [LoggerMessage(4022, LogLevel.Information, "Call of {Tool} from {RemoteAddress} was refused: its access token lacks a scope")]
    public static partial void ScopeMissing(this ILogger logger, string tool, string remoteAddress);
    [LoggerMessage(4030, LogLevel.Warning, "File {Path} was not deleted")]
    public static partial void FileNotDeleted(this ILogger logger, Exception exception, string path);

    [LoggerMessage(4031, LogLevel.Error, "A file of a client was not stored")]
    public static partial void FileNotStored(this ILogger logger, Exception exception);

    [LoggerMessage(4032, LogLevel.Warning, "Result of {Skill}.{Method} in call {CallId} was too large to answer and was not stored")]
    public static partial void ResultNotStored(this ILogger logger, Exception exception, string skill, string method, string callId);

    [LoggerMessage(4033, LogLevel.Warning, "Files of clients are shared by all of them: without tokens nobody can be told apart")]
    public static partial void FilesAreShared(this ILogger logger);

    [LoggerMessage(4040, LogLevel.Debug, "Progress of a call could not be told to its client")]
    public static partial void ProgressNotSent(this ILogger logger, Exception exception);
}
