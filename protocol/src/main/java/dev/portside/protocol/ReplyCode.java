package dev.portside.protocol;

/**
 * The three digits of a reply (RFC 959 section 4.2).
 *
 * <p>A record over the number, with constants for the codes that have a meaning in an RFC: a code that nobody knows stays
 * itself, and is judged by its first digit.
 *
 * @param value 100 to 699
 */
public record ReplyCode(int value) {
    public static final ReplyCode RESTART_MARKER_110 = new ReplyCode(110);
    public static final ReplyCode SERVICE_READY_SOON_120 = new ReplyCode(120);
    public static final ReplyCode DATA_CONNECTION_ALREADY_OPEN_125 = new ReplyCode(125);
    public static final ReplyCode FILE_STATUS_OKAY_150 = new ReplyCode(150);

    public static final ReplyCode COMMAND_OKAY_200 = new ReplyCode(200);
    public static final ReplyCode SUPERFLUOUS_202 = new ReplyCode(202);
    public static final ReplyCode SYSTEM_STATUS_211 = new ReplyCode(211);
    public static final ReplyCode DIRECTORY_STATUS_212 = new ReplyCode(212);
    public static final ReplyCode FILE_STATUS_213 = new ReplyCode(213);
    public static final ReplyCode HELP_214 = new ReplyCode(214);
    public static final ReplyCode SYSTEM_TYPE_215 = new ReplyCode(215);
    public static final ReplyCode SERVICE_READY_220 = new ReplyCode(220);
    public static final ReplyCode CLOSING_CONTROL_CONNECTION_221 = new ReplyCode(221);
    public static final ReplyCode DATA_CONNECTION_OPEN_225 = new ReplyCode(225);
    public static final ReplyCode CLOSING_DATA_CONNECTION_226 = new ReplyCode(226);
    public static final ReplyCode ENTERING_PASSIVE_MODE_227 = new ReplyCode(227);
    public static final ReplyCode ENTERING_EXTENDED_PASSIVE_MODE_229 = new ReplyCode(229);
    public static final ReplyCode LOGGED_IN_230 = new ReplyCode(230);
    /** RFC 2228 section 3: logged in by what the security exchange has proven, without a password. */
    public static final ReplyCode LOGGED_IN_BY_SECURITY_EXCHANGE_232 = new ReplyCode(232);

    public static final ReplyCode SECURITY_EXCHANGE_COMPLETE_234 = new ReplyCode(234);
    public static final ReplyCode FILE_ACTION_OKAY_250 = new ReplyCode(250);
    public static final ReplyCode PATHNAME_CREATED_257 = new ReplyCode(257);

    public static final ReplyCode NEED_PASSWORD_331 = new ReplyCode(331);
    public static final ReplyCode NEED_ACCOUNT_332 = new ReplyCode(332);
    public static final ReplyCode PENDING_FURTHER_INFORMATION_350 = new ReplyCode(350);

    public static final ReplyCode SERVICE_NOT_AVAILABLE_421 = new ReplyCode(421);
    public static final ReplyCode CANNOT_OPEN_DATA_CONNECTION_425 = new ReplyCode(425);
    public static final ReplyCode TRANSFER_ABORTED_426 = new ReplyCode(426);
    public static final ReplyCode SECURITY_RESOURCE_UNAVAILABLE_431 = new ReplyCode(431);
    public static final ReplyCode FILE_BUSY_450 = new ReplyCode(450);
    public static final ReplyCode LOCAL_ERROR_451 = new ReplyCode(451);
    public static final ReplyCode INSUFFICIENT_STORAGE_452 = new ReplyCode(452);

    public static final ReplyCode COMMAND_UNRECOGNIZED_500 = new ReplyCode(500);
    public static final ReplyCode ARGUMENT_SYNTAX_ERROR_501 = new ReplyCode(501);
    public static final ReplyCode COMMAND_NOT_IMPLEMENTED_502 = new ReplyCode(502);
    public static final ReplyCode BAD_SEQUENCE_503 = new ReplyCode(503);
    public static final ReplyCode PARAMETER_NOT_IMPLEMENTED_504 = new ReplyCode(504);
    /** RFC 2773 section 8: not with what PROT has set. */
    public static final ReplyCode NOT_WITH_THIS_PROT_521 = new ReplyCode(521);
    /** As servers use it since 2005: the data connection does not resume the TLS session of the control connection. */
    public static final ReplyCode DATA_SESSION_NOT_RESUMED_522 = new ReplyCode(522);
    /** RFC 2428 section 2: the network protocol is not supported, use one of those in parentheses. */
    public static final ReplyCode NETWORK_PROTOCOL_NOT_SUPPORTED_522 = new ReplyCode(522);

    public static final ReplyCode NOT_LOGGED_IN_530 = new ReplyCode(530);
    public static final ReplyCode NEED_ACCOUNT_TO_STORE_532 = new ReplyCode(532);
    public static final ReplyCode PROTECTION_LEVEL_DENIED_533 = new ReplyCode(533);
    public static final ReplyCode DENIED_FOR_POLICY_534 = new ReplyCode(534);
    public static final ReplyCode PROTECTION_LEVEL_NOT_SUPPORTED_536 = new ReplyCode(536);
    public static final ReplyCode FILE_UNAVAILABLE_550 = new ReplyCode(550);
    public static final ReplyCode EXCEEDED_STORAGE_552 = new ReplyCode(552);
    public static final ReplyCode NAME_NOT_ALLOWED_553 = new ReplyCode(553);
    /** RFC 3659 section 5 and RFC 1123: the restart marker cannot be used. */
    public static final ReplyCode INVALID_REST_554 = new ReplyCode(554);

    public ReplyCode {
        if (value < 100 || value > 699) {
            throw new IllegalArgumentException("not a reply code (100 to 699): " + value);
        }
    }

    /** 1yz: the action has begun, another reply follows. */
    public boolean isPreliminary() {
        return value / 100 == 1;
    }

    /** 2yz: the action is done. */
    public boolean isCompletion() {
        return value / 100 == 2;
    }

    /** 3yz: accepted so far, the next command of the sequence is awaited. */
    public boolean isIntermediate() {
        return value / 100 == 3;
    }

    /** 4yz: refused this time; the same command may succeed later. */
    public boolean isTransientNegative() {
        return value / 100 == 4;
    }

    /** 5yz: refused; the same command will be refused again. */
    public boolean isPermanentNegative() {
        return value / 100 == 5;
    }

    /** 6yz: a protected reply (RFC 2228 section 6). */
    public boolean isProtected() {
        return value / 100 == 6;
    }

    /** 4yz or 5yz. */
    public boolean isNegative() {
        return isTransientNegative() || isPermanentNegative();
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
